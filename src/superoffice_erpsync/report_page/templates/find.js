(() => {
  const part = document.getElementById("keys");
  const field = document.getElementById("find");
  const found = document.getElementById("found");
  const rows = [...part.querySelectorAll("tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row, place) => { row.hidden = !texts[place].includes(wanted); });
    const left = rows.filter((row) => row.getClientRects().length).length;
    found.textContent = `${left.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows shown`;
  };
  part.querySelectorAll("[data-script]").forEach((one) => { one.hidden = false; });
  part.addEventListener("input", show);
  show();
})();

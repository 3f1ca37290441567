"""The mapped fields of a connection: whether the ERP and the CRM still have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, note, of_error, ok, warning
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.models import ErpActorType, ErpSyncConnectionSummary, ErpSyncFieldMapping


def look_at_fields(
    chart: Chart, client: ErpSyncClient, number: int, summary: ErpSyncConnectionSummary
) -> Iterator[Finding]:
    """Look for fields that have vanished.

    Args:
        chart: What is known so far.
        client: Asks the installation.
        number: The connection's id.
        summary: Which kinds of actors it has.
    """
    step = f"fields {number}"
    mapped, in_erp, in_crm = 0, list[str](), list[str]()
    try:
        for actor_type in _actor_types(summary):
            fields = _mapped(chart, client, number, actor_type)
            mapped += len(fields)
            in_erp += [f"{actor_type} {one.erp_field_key}" for one in fields if one.missing_in_erp]
            in_crm += [f"{actor_type} {one.crm_field_key}" for one in fields if one.missing_in_crm]
    except ErpSyncError as error:
        yield of_error(step, error)
        return
    facts = {"mapped": mapped, "missing_in_erp": in_erp, "missing_in_crm": in_crm}
    if not mapped:
        yield note(step, "no field is mapped, so nothing is carried over", "map fields if it is to be synced", **facts)
    elif not in_erp and not in_crm:
        yield ok(step, f"ERP and CRM have all {mapped} mapped fields", **facts)
    else:
        yield _missing(step, in_erp, in_crm, facts)


def _missing(step: str, in_erp: Sequence[str], in_crm: Sequence[str], facts: dict[str, object]) -> Finding:
    said, fix = [], []
    if in_erp:
        said.append(f"the ERP no longer has {', '.join(in_erp)}")
        fix.append("bring the field back in the ERP or its connector")
    if in_crm:
        said.append(f"the CRM no longer has {', '.join(in_crm)}")
        fix.append("bring the field back in SuperOffice")
    advice = f"{', and '.join(fix)}; or take it out of the mapping: until then it is not synced"
    return warning(step, "; ".join(said), advice, **facts)


def _actor_types(summary: ErpSyncConnectionSummary) -> Sequence[ErpActorType]:
    if summary.actors is None:
        return [kind for kind in ErpActorType if kind is not ErpActorType.UNKNOWN]
    return [one.actor_type for one in summary.actors if one is not None and one.has_mappings]


def _mapped(
    chart: Chart, client: ErpSyncClient, number: int, actor_type: ErpActorType
) -> Sequence[ErpSyncFieldMapping]:
    mapping = client.get_actor_type_mapping(erp_connection_id=number, actor_type=actor_type, **chart.call_limit())
    fields = (mapping.field_mappings if mapping else None) or ()
    return [one for one in fields if one is not None and one.crm_field_key]

"""The figures that are measured, and what they are measured against. All are ratios of two things on one machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import batches, calls, decoding, programs
from .sizes import Place, Sizes

Measure = Callable[[Sizes, Place], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure.

    Attributes:
        name: What `--only` calls it.
        what: What is divided by what.
        bar: What it has to reach.
        aim: What it should reach.
        measure: Measures it once.
        more_is_better: Whether a higher figure is a better one.
    """

    name: str
    what: str
    bar: float
    aim: float
    measure: Measure
    more_is_better: bool = False

    def reaches(self, figure: float, mark: float) -> bool:
        """Whether a figure is as good as a mark."""
        return figure >= mark if self.more_is_better else figure <= mark


ROWS = (
    Row(
        name="decode",
        what="decode an answer with all records / lxml.etree.fromstring of the same bytes, time",
        bar=3.0,
        aim=1.8,
        measure=lambda sizes, _: decoding.against_bare_parse(sizes.records, sizes.rounds),
    ),
    Row(
        name="decode-zeep",
        what="the same / zeep's own parse of the same bytes, time",
        bar=1 / 10,
        aim=1 / 16,
        measure=lambda sizes, _: decoding.against_zeep(sizes.records, sizes.long_rounds),
    ),
    Row(
        name="long-call-php",
        what="call over loopback with that answer / PHP's SoapClient, time",
        bar=1.8,
        aim=1.0,
        measure=calls.long_call_to_php,
    ),
    Row(
        name="decode-filled-zeep",
        what="decode, every third record with rights and field properties / zeep's own parse, time",
        bar=1 / 8,
        aim=1 / 12,
        measure=lambda sizes, _: decoding.against_zeep_with_properties(sizes.records, sizes.long_rounds),
    ),
    Row(
        name="memory",
        what="process that holds the answer with all records, peak / the same with zeep",
        bar=0.45,
        aim=0.28,
        measure=programs.peak_memory,
    ),
    Row(
        name="encode-ids",
        what="encode ForceResync of 1,000 ids / zeep's create_message, time",
        bar=0.35,
        aim=0.2,
        measure=lambda sizes, _: decoding.resync_against_zeep(sizes.rounds),
    ),
    Row(
        name="encode-connection",
        what="encode SaveConnection of a full connection / zeep's create_message, time",
        bar=0.35,
        aim=0.2,
        measure=lambda sizes, _: decoding.saving_against_zeep(sizes.rounds),
    ),
    Row(
        name="small-call-zeep",
        what="small call over a kept connection / zeep, CPU time of the client",
        bar=0.6,
        aim=0.4,
        measure=calls.small_call_to_zeep,
    ),
    Row(
        name="small-call-requests",
        what="the same / requests' post of ready bytes and lxml's parse, CPU time",
        bar=1.35,
        aim=1.15,
        measure=calls.small_call_to_requests,
    ),
    Row(
        name="cold-start",
        what="process that logs in and calls once, from start to end / the same with zeep, time",
        bar=1.1,
        aim=1.0,
        measure=programs.cold_start,
    ),
    Row(
        name="threads",
        what="8 threads on one client / one thread, calls per second where an answer takes 50 ms",
        bar=7.5,
        aim=8.0,
        measure=calls.threads_to_one,
        more_is_better=True,
    ),
    Row(
        name="batch",
        what="a planned batch, 8 workers, server that takes 50 ms / the same requests by http.client, time",
        bar=1.05,
        aim=1.03,
        measure=batches.batch_to_requests,
    ),
    Row(
        name="decode-rest",
        what="decode the REST API's JSON with all records / json.loads, time",
        bar=2.5,
        aim=1.8,
        measure=lambda sizes, _: decoding.against_json_loads(sizes.records, sizes.rounds),
    ),
    Row(
        name="growth",
        what="time a record in an answer of ten times as many / in one of a hundredth",
        bar=1.25,
        aim=1.10,
        measure=lambda sizes, _: decoding.growth(max(1, sizes.records // 100), sizes.records * 10, sizes.long_rounds),
    ),
)

"""What a client can be told beside its address and its credentials, over either transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict

import superoffice_erpsync
from superoffice_erpsync import auth
from superoffice_erpsync.auth import SecretReference, WindowsCredentials
from superoffice_erpsync.options import Limits, Timeouts
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.transports.http.tls import ClientCertificate
from superoffice_erpsync.transports.web_login import HttpBasic


class ClientSettings(TypedDict, total=False):
    """Keyword arguments of `ErpSyncClient.soap` and `ErpSyncClient.rest`. What is left out has its default.

    Attributes:
        application_token: Identifies the application; wanted Online, not checked on-site.
        time_zone: Time zone that times are converted to, by id or location code; None leaves them as they are.
        timeout: Seconds for an answer to be complete, of which a whole call gets three times as many; or `Timeouts`.
            None, the default, gives limits that suit the work.
        retry: How calls are repeated where that is safe, see `Retry`; None switches repeating off.
        limits: How much of an answer is taken, see `Limits`.
        verify: True, the default, checks the server's certificate against the known authorities, a path names a file
            or folder of authorities to check against instead. False does not check and needs `allow_insecure` as well.
        client_certificate: Path of a certificate with its key, or the two paths, to show to the server.
        proxies: Proxy address by scheme, as in `{"https": "http://proxy.example.com:8080"}`.
        trust_environment: Whether proxies (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY) and authorities
            (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_FILE) that the environment names count where nothing else is
            said. False by default: nothing of the environment counts. A .netrc file never does.
        allow_insecure: Whether plain http may go to other machines than this one, and `verify=False` may hold. False
            by default.
        web_login: What the web server in front of the services asks for, beside the login to SuperOffice.
            `WindowsCredentials` given as the client's credentials count here too.
        ticket_cache: Where tickets are kept between processes; None, the default, keeps them in memory only.
        ticket_rejection: How a refused ticket is recognised, where the installation says it in another way.
        telemetry: Whether OpenTelemetry is told of calls: spans, durations, outcomes, by the providers that the
            program has set. False by default; needs the extra `otel`.
        on_exchange: Gets an account of every exchange, redacted. Where it fails, the log says so and the call goes on.
    """

    application_token: str | Secret | SecretReference | None
    time_zone: int | str | None
    timeout: float | Timeouts | None
    retry: superoffice_erpsync.Retry | None
    limits: Limits
    verify: bool | str | Path
    client_certificate: ClientCertificate | None
    proxies: Mapping[str, str] | None
    trust_environment: bool
    allow_insecure: bool
    web_login: HttpBasic | WindowsCredentials | None
    ticket_cache: auth.TicketCache | None
    ticket_rejection: auth.TicketRejection | None
    telemetry: bool
    on_exchange: Callable[[superoffice_erpsync.Exchange], None] | None

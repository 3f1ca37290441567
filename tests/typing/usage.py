"""What users write, as mypy sees it: checked by test_typing.py, never run."""

from datetime import timedelta
from typing import Any, assert_type

from superoffice_erpsync import (
    AccessToken,
    ConfigFields,
    CrmActorType,
    ErpActorType,
    ErpConnection,
    ErpSyncClient,
    ErpSyncEngineStatus,
    ErpSyncError,
    ErpSyncFieldValue,
    ETableRight,
    Exchange,
    Outcome,
    PluginResponse,
    QuoteStatus,
    ServerFault,
    SoExceptionInfo,
    TableRight,
    Timeouts,
    UsernamePassword,
)


def watch(exchange: Exchange) -> None:
    assert_type(exchange.status, int | None)


def results() -> None:
    url = "https://crm.example.com/Remote/Services86"
    limits = Timeouts(read=30)
    with ErpSyncClient.soap(url, UsernamePassword("anna", "pw"), timeout=limits, on_exchange=watch) as client:
        assert_type(client, ErpSyncClient)
        assert_type(client.sync_all(timeout=5, time_zone="NO"), PluginResponse)
        assert_type(client.force_sync_all().status, QuoteStatus)
        resynced = client.force_resync_external(
            erp_connection_id=1, erp_actor_type=ErpActorType.CUSTOMER, external_keys=(key for key in ("C1", "C2"))
        )
        assert_type(resynced.is_ok, bool)
        assert_type(client.get_connection(erp_connection_id=1), ErpConnection | None)
        assert_type(client.get_erp_connection_config_fields(erp_connection_id=1), ConfigFields | None)
        assert_type(client.get_engine_status(), ErpSyncEngineStatus | None)
        assert_type(client.change_engine_interval(interval=timedelta(minutes=15)), None)
        assert_type(client.toggle_erp_connection_active(erp_connection_id=1), list[str | None] | None)
        values = client.get_field_values_from_crm(record_id=1, actor_type_crm=CrmActorType.CONTACT)
        assert_type(values, list[ErpSyncFieldValue | None] | None)
        assert_type(client.call("GetEngineStatus"), Any)


def rest() -> None:
    client = ErpSyncClient.rest("https://crm.example.com/api", AccessToken("8A:token"), language="NO")
    assert_type(client.get_all_connections(include_deleted=False, language="DE"), list[ErpConnection | None] | None)
    client.close()


def models() -> None:
    right = TableRight(mask=frozenset({ETableRight.SELECT, "Newer"}))
    connection = ErpConnection(display_name="Books", config_fields={"Server": "erp", "Note": None}, table_right=right)
    connection.config_fields = ConfigFields(Server="erp")
    connection.user_group_access_ids = [1, 2]


def errors(error: ErpSyncError) -> None:
    assert_type(error.outcome, Outcome)
    assert_type(error.operation, str | None)
    if isinstance(error, ServerFault):
        assert_type(error.exception_info, SoExceptionInfo | None)


def mistakes(client: ErpSyncClient) -> None:
    client.sync_all(timeuot=5)  # type: ignore[call-arg]
    client.get_connection(1)  # type: ignore[call-arg]
    client.get_connection(erp_connection_id="1")  # type: ignore[arg-type]
    client.force_resync_external(erp_connection_id=1, erp_actor_type="Customer", external_keys=[])  # type: ignore[arg-type]

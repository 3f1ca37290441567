"""A program that logs in, calls once and holds what came. Arguments: the folder of the services, how many records."""

import sys

from superoffice_erpsync import ErpSyncClient, UsernamePassword

url, records = sys.argv[1:]
with ErpSyncClient.soap(url, UsernamePassword("DEMO", "not-a-real-password")) as client:
    answer = client.force_sync_all()
assert len(answer.changes.updated_records) == int(records)

<?php
// Calls ForceSyncAll for every line on standard input and prints the seconds that it took.
// Arguments: the WSDL of ErpSync, the address of the service, a ticket, how many records are due.
ini_set('memory_limit', '-1');
[, $wsdl, $url, $ticket, $records] = $argv;
$namespace = 'http://www.superoffice.net/ws/crm/NetServer/Services86';
$client = new SoapClient($wsdl, ['location' => $url, 'cache_wsdl' => WSDL_CACHE_NONE, 'keep_alive' => true]);
$client->__setSoapHeaders([new SoapHeader($namespace, 'Credentials', ['Ticket' => $ticket])]);
while (fgets(STDIN) !== false) {
    $started = hrtime(true);
    $answer = $client->ForceSyncAll();
    $taken = (hrtime(true) - $started) / 1e9;
    // With one item, PHP gives the item itself.
    $items = $answer->Response->Changes->UpdatedRecords->ChangedDataItem;
    if ((is_array($items) ? count($items) : 1) != (int) $records) {
        exit(1);
    }
    unset($answer, $items);
    echo $taken, "\n";
}

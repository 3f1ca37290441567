<?php
// A client of the installation whose address it is given; prints what it was told.

declare(strict_types=1);

const NS = 'http://www.superoffice.net/ws/crm/NetServer/Services86';

ini_set('soap.wsdl_cache_enabled', '0');
$url = $argv[1];
$options = ['features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'exceptions' => true, 'connection_timeout' => 5];
$principal = new SoapClient("$url/SoPrincipal.svc?wsdl", $options);
$erpSync = new SoapClient("$url/ErpSync.svc?wsdl", $options);

$refused = $principal->AuthenticateUsernamePassword(['UserName' => 'tje0', 'Password' => 'wrong']);
$login = $principal->AuthenticateUsernamePassword(['UserName' => 'tje0', 'Password' => 'Tje0']);

$erpSync->__setSoapHeaders([new SoapHeader(NS, 'Credentials', $login->Credentials)]);
$keys = ['ErpConnectionId' => 1, 'ErpActorType' => 'Customer', 'ExternalKeys' => ['C1001', 'C9999', 'C1002']];
$told = [
    'refused' => $refused->AuthenticationSucceeded,
    'ticket' => $login->Credentials->Ticket,
    'sync' => $erpSync->ForceSyncAll()->Response->IsOk,
    'resync' => $erpSync->ForceResyncExternal($keys)->Response,
    'connection' => $erpSync->GetConnection(['ErpConnectionId' => 3])->Response,
];

$erpSync->__setSoapHeaders([new SoapHeader(NS, 'Credentials', ['Ticket' => '7T:bm8='])]);
$headers = [];
$answer = $erpSync->__soapCall('ForceSyncAll', [], null, null, $headers);
$told['stranger'] = $answer->Response ?? null;
$told['failure'] = $headers['ExceptionInfo']->ExceptionType;
echo json_encode($told, JSON_THROW_ON_ERROR);

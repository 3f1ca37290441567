<?php
// An installation as PHP's SoapServer plays it: a router script for PHP's built-in web server.
// WSDL_FOLDER says where the WSDLs lie, SEEN names the file that gets a line of JSON for every call.

declare(strict_types=1);

const NS = 'http://www.superoffice.net/ws/crm/NetServer/Services86';
const TICKET = '7T:aW50ZXJvcA==';

final class Installation
{
    private array $headers = [];

    public function __construct(private SoapServer $server, private string $seen)
    {
    }

    // The request headers, which SoapServer hands over before it calls the operation.

    public function ApplicationToken(mixed $value): void
    {
        $this->headers['ApplicationToken'] = $value;
    }

    public function Credentials(mixed $value): void
    {
        $this->headers['Credentials'] = $value;
    }

    public function TimeZone(mixed $value): void
    {
        $this->headers['TimeZone'] = $value;
    }

    // Everything else is an operation of the WSDL.

    public function __call(string $operation, array $arguments): array
    {
        $got = $arguments[0] ?? new stdClass();
        $this->remember($operation, $got);
        switch ($operation) {
            case 'AuthenticateUsernamePassword':
                return $this->succeed($this->login($got));
            case 'GetSystemInfo':
                return $this->succeed(['SystemInfo' => $this->systemInfo()]);
        }
        if (($this->headers['Credentials']->Ticket ?? null) !== TICKET) {
            return $this->fail('The ticket has expired', 'SuperOffice.Exceptions.SoSessionException');
        }
        switch ($operation) {
            case 'ForceSyncAll':
                $items = [['Tablename' => 'contact', 'RecordId' => 11], null, ['Tablename' => '', 'RecordId' => 0]];
                return $this->answer(['IsOk' => true, 'UserExplanation' => "US:\"Done\"\r\nNO:\"Utført <&>\"",
                    'ErrorCode' => '', 'Changes' => ['UpdatedRecords' => ['ChangedDataItem' => $items],
                    'DeletedRecords' => new stdClass()]]);
            case 'ForceResync':
                return $this->answer(['IsOk' => false, 'ErrorCode' => 'UNKNOWN_CONNECTION_ID']);
            case 'ForceResyncExternal':
                $items = array_map(
                    fn ($key) => ['Tablename' => $key, 'RecordId' => 1],
                    $got->ExternalKeys->string
                );
                return $this->answer(['IsOk' => true, 'Changes' => ['AddedRecords' => ['ChangedDataItem' => $items]]]);
            case 'GetConnection':
                return match ($got->ErpConnectionId) {
                    404 => $this->fail('No connection 404 <&> æøå', 'System.ArgumentException'),
                    500 => throw new SoapFault('Server', 'Broken <&> æøå'),
                    default => $this->succeed([]),
                };
            case 'SaveConnection':
                return $this->answer($got->Connection);
            case 'SaveActorTypeMapping':
                return $this->answer($got->Mapping);
            case 'GetErpConnectionConfigFields':
                return $this->answer(['StringKeyValuePair' => [['Key' => 'Sérver', 'Value' => 'a & b'],
                    ['Key' => 'Empty', 'Value' => ''], ['Key' => 'Nil', 'Value' => null]]]);
            case 'ChangeEngineInterval':
                return $this->succeed([]);
            case 'GetEngineStatus':
                return $this->answer(['IsRunning' => true, 'StatusMessage' => ' æ ', 'Interval' => $this->interval()]);
            case 'ToggleErpConnectionActive':
                $reasons = $got->ErpConnectionId === 1 ? [] : ['VAT no. <missing>', null, ''];
                return $this->answer(['string' => $reasons]);
            case 'GetErpFieldValues':
                return $this->answer($got->FieldKeys ?? null);
        }
        throw new SoapFault('Server', "$operation is not played");
    }

    private function login(object $got): array
    {
        if ([$got->UserName, $got->Password] !== ['tje0', 'p<&>æ ']) {
            return ['AuthenticationSucceeded' => false];
        }
        return ['Response' => ['Associate' => $got->UserName, 'RoleType' => 'System'],
            'Credentials' => ['Ticket' => TICKET], 'AuthenticationSucceeded' => true];
    }

    private function systemInfo(): array
    {
        $key = ['Counter' => 3, 'G' => "\x00\xff", 'J' => null, 'P' => '', 'Q' => null, 'Seed' => null, 'Y' => null];
        return ['License' => ['SerialNr' => '0042', 'NextCheckDate' => '2027-01-31T12:30:00',
            'ExpiryDate' => '0001-01-01T00:00:00', 'PublicKey' => ['Key' => $key]],
            'BuildType' => 'Release', 'CompanyName' => 'Blåbær & Sønn'];
    }

    private function interval(): string
    {
        foreach (array_reverse(file($this->seen)) as $line) {
            $call = json_decode($line);
            if ($call->operation === 'ChangeEngineInterval') {
                return $call->arguments->Interval;
            }
        }
        return 'PT0S';
    }

    private function remember(string $operation, mixed $arguments): void
    {
        $call = ['operation' => $operation, 'arguments' => $arguments, 'headers' => $this->headers,
            'action' => $_SERVER['HTTP_SOAPACTION'], 'type' => $_SERVER['CONTENT_TYPE']];
        file_put_contents($this->seen, json_encode($call, JSON_THROW_ON_ERROR) . "\n", FILE_APPEND);
    }

    private function answer(mixed $response): array
    {
        return $this->succeed(['Response' => $response]);
    }

    private function succeed(array $content): array
    {
        $extra = ['ExtraInfoNameValuePair' => [['Key' => 'a', 'Value' => null]]];
        $this->server->addSoapHeader(new SoapHeader(NS, 'ExtraInfo', $extra));
        $this->server->addSoapHeader(new SoapHeader(NS, 'Succeeded', true));
        return $content;
    }

    private function fail(string $message, string $type): array
    {
        $info = ['Message' => $message, 'FriendlyText' => '', 'ExceptionType' => $type,
            'InnerException' => ['Message' => "inner\r\nlines", 'ExceptionType' => 'System.Exception'],
            'Parameters' => ['SoExceptionInfoParametersKeyValuePair' => [['Key' => 'id', 'Value' => null]]]];
        $this->server->addSoapHeader(new SoapHeader(NS, 'ExceptionInfo', $info));
        $this->server->addSoapHeader(new SoapHeader(NS, 'Succeeded', false));
        return [];
    }
}

ini_set('soap.wsdl_cache_enabled', '0');
$service = basename(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '.svc');
$server = new SoapServer(getenv('WSDL_FOLDER') . "/$service.wsdl", ['features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$server->setObject(new Installation($server, getenv('SEEN')));
$server->handle();

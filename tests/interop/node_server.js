// An installation as node-soap's server plays it.
// WSDL_FOLDER says where the WSDLs lie, SEEN names the file that gets a line of JSON for every call, PORT the port.

"use strict";

const fs = require("fs");
const http = require("http");
const path = require("path");
const soap = require("soap");

const NS = "http://www.superoffice.net/ws/crm/NetServer/Services86";
const TICKET = "7T:aW50ZXJvcA==";

let interval = "PT0S";

// What the WSDL says and node-soap does not mind: items of .NET's arrays have a namespace of their own, and an empty
// mask or list, which it reads as null, is no nil.
function repaired(value, name) {
  if (value === null) return name === "Mask" || /Ids$/.test(name) ? "" : null;
  if (Array.isArray(value)) return value.map((item) => repaired(item));
  if (typeof value !== "object") return value;
  const prefixed = (key) => (key === "string" || key === "int" ? `arr:${key}` : key);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [prefixed(key), repaired(one, key)]));
}

const pairs = (name, entries) => ({ [name]: entries.map(([Key, Value]) => ({ Key, Value })) });

const failure = (Message, ExceptionType) => ({
  Message,
  FriendlyText: "",
  ExceptionType,
  InnerException: { Message: "inner\r\nlines", ExceptionType: "System.Exception" },
  Parameters: pairs("SoExceptionInfoParametersKeyValuePair", [["id", null]]),
});

// node-soap asks for the headers before it runs the operation: what fails is decided here.
function refusal(operation, args, headers) {
  if (operation === "AuthenticateUsernamePassword" || operation === "GetSystemInfo") return null;
  if (headers?.Credentials?.Ticket !== TICKET) {
    return failure("The ticket has expired", "SuperOffice.Exceptions.SoSessionException");
  }
  if (operation === "GetConnection" && args.ErpConnectionId === 404) {
    return failure("No connection 404 <&> æøå", "System.ArgumentException");
  }
  return null;
}

const principal = {
  AuthenticateUsernamePassword({ UserName, Password }) {
    if (UserName !== "tje0" || Password !== "p<&>æ ") return { AuthenticationSucceeded: false };
    return {
      Response: { Associate: UserName, RoleType: "System" },
      Credentials: { Ticket: TICKET },
      AuthenticationSucceeded: true,
    };
  },
  GetSystemInfo() {
    const numbers = { Counter: 3, G: "AP8=", J: null, P: "", Q: null, Seed: null, Y: null };
    const Key = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`crypto:${name}`, value]));
    const License = {
      SerialNr: "0042",
      NextCheckDate: "2027-01-31T12:30:00",
      ExpiryDate: "0001-01-01T00:00:00",
      PublicKey: { Key },
    };
    return { SystemInfo: { License, BuildType: "Release", CompanyName: "Blåbær & Sønn" } };
  },
};

const records = (...items) => ({ ChangedDataItem: items });

const erpSync = {
  ForceSyncAll: () => ({
    Response: {
      IsOk: true,
      UserExplanation: 'US:"Done"\r\nNO:"Utført <&>"',
      ErrorCode: "",
      Changes: {
        UpdatedRecords: records({ Tablename: "contact", RecordId: 11 }, null, { Tablename: "", RecordId: 0 }),
        DeletedRecords: {},
      },
    },
  }),
  ForceResync: () => ({ Response: { IsOk: false, ErrorCode: "UNKNOWN_CONNECTION_ID" } }),
  ForceResyncExternal: ({ ExternalKeys }) => {
    const AddedRecords = records(...ExternalKeys.string.map((Tablename) => ({ Tablename, RecordId: 1 })));
    return { Response: { IsOk: true, Changes: { AddedRecords } } };
  },
  GetConnection: ({ ErpConnectionId }) => {
    if (ErpConnectionId === 500) {
      throw { Fault: { faultcode: "soap:Server", faultstring: "Broken <&> æøå", statusCode: 500 } };
    }
    return {};
  },
  SaveConnection: ({ Connection }) => ({ Response: repaired(Connection) }),
  SaveActorTypeMapping: ({ Mapping }) => ({ Response: repaired(Mapping) }),
  GetErpConnectionConfigFields: () => ({
    Response: pairs("StringKeyValuePair", [["Sérver", "a & b"], ["Empty", ""], ["Nil", null]]),
  }),
  ChangeEngineInterval: ({ Interval }) => {
    interval = Interval;
    return {};
  },
  GetEngineStatus: () => ({ Response: { IsRunning: true, StatusMessage: " æ ", Interval: interval } }),
  ToggleErpConnectionActive: ({ ErpConnectionId }) => ({
    Response: { "arr:string": ErpConnectionId === 1 ? [] : ["VAT no. <missing>", null, ""] },
  }),
  GetErpFieldValues: ({ FieldKeys }) => ({ Response: FieldKeys === null ? "" : repaired(FieldKeys) }),
};

function remembering(operations) {
  const wrap = ([operation, run]) => [
    operation,
    (args, _callback, headers, request) => {
      const { soapaction: action, "content-type": type } = request.headers;
      const call = { operation, arguments: args ?? {}, headers: headers ?? {}, action, type };
      fs.appendFileSync(process.env.SEEN, JSON.stringify(call) + "\n");
      return refusal(operation, args, headers) ? {} : run(args ?? {});
    },
  ];
  return Object.fromEntries(Object.entries(operations).map(wrap));
}

function listen(server, name, operations) {
  const xml = fs.readFileSync(path.join(process.env.WSDL_FOLDER, `${name}.wsdl`), "utf8");
  const services = { [`Wcf${name}Service`]: { [`BasicHttpBinding_${name}`]: remembering(operations) } };
  const callback = (_error, ready) => {
    // It writes xsi:nil and declares only the prefixes that the WSDL does.
    ready.wsdl.xmlnsInEnvelope += ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    // It has the option and loses it on the way here.
    ready.wsdl.options.preserveWhitespace = true;
  };
  const where = `/Remote/Services86/${name}.svc`;
  const endpoint = soap.listen(server, { path: where, services, xml, handleNilAsNull: true, callback });
  endpoint.addSoapHeader(
    (operation, args, headers) => {
      const ExceptionInfo = refusal(operation, args, headers);
      const ExtraInfo = pairs("ExtraInfoNameValuePair", [["a", null]]);
      return ExceptionInfo ? { ExceptionInfo, Succeeded: false } : { ExtraInfo, Succeeded: true };
    },
    "", "tns", NS
  );
}

const server = http.createServer((_request, response) => response.writeHead(404).end());
listen(server, "SoPrincipal", principal);
listen(server, "ErpSync", erpSync);
server.listen(Number(process.env.PORT), "127.0.0.1");

// A client of the installation whose address it is given; prints what it was told.

"use strict";

const soap = require("soap");

const NS = "http://www.superoffice.net/ws/crm/NetServer/Services86";

async function main(url) {
  const principal = await soap.createClientAsync(`${url}/SoPrincipal.svc?wsdl`, { handleNilAsNull: true });
  const erpSync = await soap.createClientAsync(`${url}/ErpSync.svc?wsdl`, { handleNilAsNull: true });
  const login = async (Password) => {
    const [answer] = await principal.AuthenticateUsernamePasswordAsync({ UserName: "tje0", Password });
    return answer;
  };
  const bring = (Credentials) => {
    erpSync.clearSoapHeaders();
    erpSync.addSoapHeader({ Credentials }, "", "tns", NS);
  };

  const refused = await login("wrong");
  const { Credentials } = await login("Tje0");
  bring(Credentials);
  const [sync] = await erpSync.ForceSyncAllAsync({});
  const keys = { string: ["C1001", "C9999", "C1002"] };
  const [resync] = await erpSync.ForceResyncExternalAsync({
    ErpConnectionId: 1,
    ErpActorType: "Customer",
    ExternalKeys: keys,
  });
  const [connection] = await erpSync.GetConnectionAsync({ ErpConnectionId: 3 });
  bring({ Ticket: "7T:bm8=" });
  const [stranger, , headers] = await erpSync.ForceSyncAllAsync({});
  console.log(
    JSON.stringify({
      refused: refused.AuthenticationSucceeded,
      ticket: Credentials.Ticket,
      sync: sync.Response.IsOk,
      resync: resync.Response,
      connection: connection.Response,
      stranger: stranger?.Response,
      failure: headers.ExceptionInfo.ExceptionType,
    })
  );
}

main(process.argv[2]);

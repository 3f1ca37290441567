// A client out of wsdl's proxy for ErpSync at the address it is given; prints what it was told.
//
// The proxy that Mono's wsdl makes for SoPrincipal cannot be used: at run time Mono refuses that several operations
// share one response element, AuthenticateResponse. Here stands a proxy for one of them, in the way wsdl makes them.

using System;
using System.Linq;
using System.Web.Script.Serialization;
using System.Web.Services;
using System.Web.Services.Protocols;
using System.Xml.Serialization;
using Generated;

public class User {
    public string Associate;
}

public class Issued {
    public string Ticket;
}

[WebServiceBinding(Namespace = Program.Namespace)]
public class Login : SoapHttpClientProtocol {
    [SoapDocumentMethod(Program.Namespace + "/SoPrincipal/AuthenticateUsernamePassword",
        RequestNamespace = Program.Namespace, ResponseNamespace = Program.Namespace,
        ResponseElementName = "AuthenticateResponse")]
    [return: XmlElement("Response", IsNullable = true)]
    public User AuthenticateUsernamePassword(string UserName, string Password,
            [XmlElement(IsNullable = true)] out Issued Credentials, out bool AuthenticationSucceeded) {
        var results = Invoke("AuthenticateUsernamePassword", new object[] { UserName, Password });
        Credentials = (Issued)results[1];
        AuthenticationSucceeded = (bool)results[2];
        return (User)results[0];
    }
}

static class Program {
#if SERVICES88
    public const string Namespace = "http://www.superoffice.net/ws/crm/NetServer/Services88";
#else
    public const string Namespace = "http://www.superoffice.net/ws/crm/NetServer/Services86";
#endif

    static void Main(string[] arguments) {
        var address = arguments[0];
        var principal = new Login { Url = address + "/SoPrincipal.svc" };
        var erpSync = new WcfErpSyncService { Url = address + "/ErpSync.svc" };
        bool refused, accepted;
        Issued credentials;
        principal.AuthenticateUsernamePassword("tje0", "wrong", out credentials, out refused);
        var user = principal.AuthenticateUsernamePassword("tje0", "Tje0", out credentials, out accepted);
        erpSync.CredentialsValue = new SoCredentials { Ticket = credentials.Ticket };

        var sync = erpSync.ForceSyncAll();
        var keys = new[] { "C1001", "C9999", "C1002" };
        var resync = erpSync.ForceResyncExternal(1, true, ErpActorType.Customer, true, keys);
        var connection = erpSync.GetConnection(3, true);
        var before = Plain(connection);
        connection.DisplayName = "Ærø & <Havn>";
        connection.UserGroupAccessIds = new[] { 2, 3 };
        var saved = erpSync.SaveConnection(connection);
        var mapping = erpSync.GetActorTypeMapping(1, true, ErpActorType.Supplier, true);
        mapping.FieldMappings[0].SyncToCrm = true;
        var mapped = erpSync.SaveActorTypeMapping(mapping);
        var interval = erpSync.GetEngineStatus().Interval;

        erpSync.CredentialsValue = new SoCredentials { Ticket = "7T:bm8=" };
        var stranger = erpSync.ForceSyncAll();

        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        Console.WriteLine(new JavaScriptSerializer().Serialize(new {
            refused, ticket = credentials.Ticket, user = user.Associate, sync = sync.IsOk,
            resync = new { resync.IsOk, resync.TechExplanation, Changes = new { resync.Changes.DeletedRecords,
                UpdatedRecords = resync.Changes.UpdatedRecords.Select(one => new { one.Tablename, one.RecordId }) } },
            connection = before, saved = Plain(saved),
            mapped = mapped.FieldMappings.Select(one => new { one.ErpFieldKey, one.SyncToCrm, one.SyncToErp }),
            interval, stranger, failure = erpSync.ExceptionInfo.ExceptionType,
            succeeded = erpSync.Succeeded.Text[0] }));
    }

    static object Plain(ErpConnection connection) {
        return new {
            connection.DisplayName, connection.Active, connection.UserGroupAccessIds,
            ConfigFields = connection.ConfigFields.ToDictionary(one => one.Key, one => one.Value),
            TableRight = new { Mask = connection.TableRight.Mask.ToString().Replace(",", "") },
            FieldProperties = connection.FieldProperties.ToDictionary(
                one => one.Key, one => new { FieldRight = new {
                    Mask = one.Value.FieldRight.Mask.ToString().Replace(",", "") } }) };
    }
}

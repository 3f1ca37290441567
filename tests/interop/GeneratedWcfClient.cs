// A client out of svcutil's proxies for the two services whose addresses it is given; prints what it was told.
//
// Mono's svcutil gives every operation the action "*", takes it that every operation answers with a result and a
// response element that are called after it, and leaves out all headers and all members of a response but its first. A
// message inspector, which is WCF's own means for that, puts the actions and the ticket in, gives result and response
// the names that are wanted, and reads the rest.

using System;
using System.IO;
using System.Linq;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.ServiceModel.Description;
using System.ServiceModel.Dispatcher;
using System.Web.Script.Serialization;
using System.Xml;
#if SERVICES88
using www.superoffice.net.ws.crm.NetServer.Services88;
#else
using www.superoffice.net.ws.crm.NetServer.Services86;
#endif

[System.Runtime.Serialization.DataContract(Name = "SoCredentials", Namespace = Program.Namespace)]
class TicketHeader {
    [System.Runtime.Serialization.DataMember] public string Ticket;
}

class Inspector : IEndpointBehavior, IClientMessageInspector {
    readonly string service;
    public string Ticket;
    public XmlDocument Answer;

    public Inspector(string service) { this.service = service; }

    public object BeforeSendRequest(ref Message request, IClientChannel channel) {
        var copy = request.CreateBufferedCopy(int.MaxValue);
        request = copy.CreateMessage();
        var body = copy.CreateMessage().GetReaderAtBodyContents();
        body.MoveToContent();
        request.Headers.Action = Program.Namespace + "/" + service + "/" + body.LocalName;
        if (Ticket != null) request.Headers.Add(
            MessageHeader.CreateHeader("Credentials", Program.Namespace, new TicketHeader { Ticket = Ticket }));
        return body.LocalName;
    }
    public void AfterReceiveReply(ref Message reply, object operation) {
        var written = new StringWriter();
        using (var writer = new XmlTextWriter(written)) reply.WriteMessage(writer);
        Answer = new XmlDocument();
        Answer.LoadXml(written.ToString());
        var text = written.ToString().Replace("AuthenticateResponse", operation + "Response")
            .Replace("<Response", "<" + operation + "Result").Replace("</Response>", "</" + operation + "Result>");
        reply = Message.CreateMessage(XmlReader.Create(new StringReader(text)), int.MaxValue, reply.Version);
    }
    public string Find(string name) {
        var found = Answer.GetElementsByTagName(name, Program.Namespace);
        return found.Count == 0 || found[0].InnerText == "" ? null : found[0].InnerText;
    }

    public void AddBindingParameters(ServiceEndpoint endpoint, BindingParameterCollection parameters) {}
    public void ApplyClientBehavior(ServiceEndpoint endpoint, ClientRuntime runtime) {
        runtime.MessageInspectors.Add(this);
    }
    public void ApplyDispatchBehavior(ServiceEndpoint endpoint, EndpointDispatcher dispatcher) {}
    public void Validate(ServiceEndpoint endpoint) {}
}

static class Program {
#if SERVICES88
    public const string Namespace = "http://www.superoffice.net/ws/crm/NetServer/Services88";
#else
    public const string Namespace = "http://www.superoffice.net/ws/crm/NetServer/Services86";
#endif

    static void Main(string[] arguments) {
        var address = arguments[0];
        var login = new Inspector("SoPrincipal");
        var principal = new SoPrincipalClient(
            new BasicHttpBinding(), new EndpointAddress(address + "/SoPrincipal.svc"));
        principal.Endpoint.Behaviors.Add(login);
        var call = new Inspector("ErpSync");
        var erpSync = new ErpSyncClient(new BasicHttpBinding(), new EndpointAddress(address + "/ErpSync.svc"));
        erpSync.Endpoint.Behaviors.Add(call);

        principal.AuthenticateUsernamePassword("tje0", "wrong");
        var refused = XmlConvert.ToBoolean(login.Find("AuthenticationSucceeded"));
        var user = principal.AuthenticateUsernamePassword("tje0", "Tje0");
        var ticket = call.Ticket = login.Find("Ticket");

        var sync = erpSync.ForceSyncAll();
        var resync = erpSync.ForceResyncExternal(1, ErpActorType.Customer, new[] { "C1001", "C9999", "C1002" });
        var connection = erpSync.GetConnection(3);
        var before = Plain(connection);
        connection.DisplayName = "Ærø & <Havn>";
        connection.UserGroupAccessIds = new[] { 2, 3 };
        var saved = erpSync.SaveConnection(connection);
        var mapping = erpSync.GetActorTypeMapping(1, ErpActorType.Supplier);
        mapping.FieldMappings[0].SyncToCrm = true;
        var mapped = erpSync.SaveActorTypeMapping(mapping);
        var interval = erpSync.GetEngineStatus().Interval;

        call.Ticket = "7T:bm8=";
        var stranger = erpSync.ForceSyncAll();

        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        Console.WriteLine(new JavaScriptSerializer().Serialize(new {
            refused, ticket, user = user.Associate, sync = sync.IsOk,
            resync = new { resync.IsOk, resync.TechExplanation, Changes = new { resync.Changes.DeletedRecords,
                UpdatedRecords = resync.Changes.UpdatedRecords.Select(one => new { one.Tablename, one.RecordId }) } },
            connection = before, saved = Plain(saved),
            mapped = mapped.FieldMappings.Select(one => new { one.ErpFieldKey, one.SyncToCrm, one.SyncToErp }),
            interval = XmlConvert.ToString(interval),
            stranger, failure = call.Find("ExceptionType"), succeeded = call.Find("Succeeded") }));
    }

    static object Plain(ErpConnection connection) {
        return new {
            connection.DisplayName, connection.Active, connection.UserGroupAccessIds, connection.ConfigFields,
            TableRight = new { Mask = Names(connection.TableRight.Mask) },
            FieldProperties = connection.FieldProperties.ToDictionary(
                one => one.Key, one => new { FieldRight = new { Mask = Names(one.Value.FieldRight.Mask) } }) };
    }
    // The first name of each right: in Services88 some have two, and .NET itself takes either.
    static string Names(Enum mask) {
        return string.Join(" ", mask.GetType().GetFields()
            .Where(one => one.IsLiteral && mask.HasFlag((Enum)one.GetValue(null)))
            .GroupBy(one => one.GetRawConstantValue()).Select(same => same.First().Name));
    }
}

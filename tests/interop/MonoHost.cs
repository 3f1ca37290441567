// An installation as WCF plays it, and a client of one, with contracts of our own in the vendor's namespaces.
//   MonoHost.exe serve   listens on PORT until it is ended; the file SEEN gets a line of JSON for every call
//   MonoHost.exe call URL   calls an installation and prints what it was told

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Serialization;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Threading;
using System.Web.Script.Serialization;
using System.Xml;
using ErpSync;
using D = System.Runtime.Serialization.DataMemberAttribute;

[assembly: ContractNamespace(Names.Services, ClrNamespace = "ErpSync")]
[assembly: ContractNamespace(Names.Cryptography, ClrNamespace = "Cryptography")]

static class Names {
    public const string Services = "http://www.superoffice.net/ws/crm/NetServer/Services86";
    public const string Cryptography = "http://schemas.datacontract.org/2004/07/System.Security.Cryptography";
    public const string ErpSync = Services + "/ErpSync/", SoPrincipal = Services + "/SoPrincipal/";
}

namespace Cryptography {
    [DataContract] public class DSAParameters {
        [D] public int Counter; [D] public byte[] G; [D] public byte[] J; [D] public byte[] P;
    }
}

namespace ErpSync {
    [Flags] public enum ETableRight { Select = 1, Update = 2, Insert = 4, Delete = 8, Filtering = 16 }
    [Flags] public enum EFieldRight { Read = 1, Write = 2, UIHintMandatory = 64, UIHintReadOnly = 128 }
    public enum CrmActorType { Unknown, Contact, Person, Project, Sale }
    public enum ErpActorType { Unknown, Customer, Supplier, Partner, Person, Project, Employee, Sale }
    public enum FieldAccess { Normal, Mandatory, ReadOnly }
    public enum FieldMetadataType { Checkbox, Text, Password, Integer, Double, List, Date, Label = 99 }
    public enum NetServerBuildType { Feature, Stable, Alpha, Beta, ReleaseCandidate, Release }
    public enum RoleType { Employee, ExternalUser, Anonymous, System }

    [CollectionDataContract(ItemName = "StringKeyValuePair", KeyName = "Key", ValueName = "Value")]
    public class StringDictionary : Dictionary<string, string> { }
    [CollectionDataContract(ItemName = "ExtraInfoNameValuePair", KeyName = "Key", ValueName = "Value")]
    public class SoExtraInfo : Dictionary<string, string> { }
    [CollectionDataContract(ItemName = "SoExceptionInfoParametersKeyValuePair", KeyName = "Key", ValueName = "Value")]
    public class SoExceptionInfoParameters : Dictionary<string, string> { }
    [CollectionDataContract(ItemName = "FieldPropertyDictionaryKeyValuePair", KeyName = "Key", ValueName = "Value")]
    public class FieldPropertyDictionary : Dictionary<string, FieldProperty> { }

    [DataContract] public class TableRight { [D] public ETableRight Mask; [D] public string Reason; }
    [DataContract] public class FieldRight { [D] public EFieldRight Mask; [D] public string Reason; }
    [DataContract] public class FieldProperty {
        [D(Order = 1)] public FieldRight FieldRight; [D(Order = 2)] public string FieldType;
        [D(Order = 3)] public int FieldLength;
    }
    [DataContract] public class Carrier {
        [D(Order = 1)] public TableRight TableRight; [D(Order = 2)] public FieldPropertyDictionary FieldProperties;
    }
    [DataContract] public class ErpConnection : Carrier {
        [D(Order = 1)] public int ErpConnectionId; [D(Order = 2)] public int ErpConnectorId;
        [D(Order = 3)] public string DisplayName; [D(Order = 4)] public string DisplayDescription;
        [D(Order = 5)] public bool Active; [D(Order = 6)] public string ConnectionId;
        [D(Order = 7)] public string MostRecentTimestamp; [D(Order = 8)] public StringDictionary ConfigFields;
        [D(Order = 9)] public bool Deleted; [D(Order = 10)] public bool AllAccess;
        [D(Order = 11)] public int[] UserGroupAccessIds; [D(Order = 12)] public int[] AssociateAccessIds;
    }
    [DataContract] public class ErpSyncFieldMapping : Carrier {
        [D(Order = 1)] public int ErpFieldId; [D(Order = 2)] public string CrmFieldKey;
        [D(Order = 3)] public string CrmDisplayName; [D(Order = 4)] public string CrmDisplayTooltip;
        [D(Order = 5)] public string ErpFieldKey; [D(Order = 6)] public FieldMetadataType FieldType;
        [D(Order = 7)] public string ErpDisplayName; [D(Order = 8)] public string ErpDisplayTooltip;
        [D(Order = 9)] public bool SyncToCrm; [D(Order = 10)] public bool SyncToErp;
        [D(Order = 11)] public bool ShowInGui; [D(Order = 12)] public bool ShowInSearch;
        [D(Order = 13)] public bool AlreadyMapped; [D(Order = 14)] public bool MissingInERP;
        [D(Order = 15)] public bool MissingInCRM; [D(Order = 16)] public FieldAccess Access;
        [D(Order = 17)] public string ListReference;
    }
    [DataContract] public class ErpSyncActorTypeMapping : Carrier {
        [D(Order = 1)] public int ErpConnectionId; [D(Order = 2)] public bool IsActive;
        [D(Order = 3)] public ErpSyncFieldMapping[] FieldMappings; [D(Order = 4)] public ErpActorType ActorTypeErp;
        [D(Order = 5)] public CrmActorType ActorTypeCrm;
    }
    [DataContract] public class ErpSyncEngineStatus : Carrier {
        [D(Order = 1)] public bool IsRunning; [D(Order = 2)] public string StatusMessage;
        [D(Order = 3)] public TimeSpan Interval;
    }
    [DataContract] public class ChangedDataItem : Carrier {
        [D(Order = 1)] public string Tablename; [D(Order = 2)] public int RecordId;
    }
    [DataContract] public class ChangedData : Carrier {
        [D(Order = 1)] public ChangedDataItem[] AddedRecords; [D(Order = 2)] public ChangedDataItem[] UpdatedRecords;
        [D(Order = 3)] public ChangedDataItem[] DeletedRecords;
    }
    [DataContract] public class PluginResponse : Carrier {
        [D(Order = 1)] public bool IsOk; [D(Order = 2)] public string UserExplanation;
        [D(Order = 3)] public string TechExplanation; [D(Order = 4)] public string ErrorCode;
        [D(Order = 5)] public ChangedData Changes;
    }
    [DataContract] public class SignedPublicKey { [D] public Cryptography.DSAParameters Key; }
    [DataContract] public class LicenseInfo {
        [D(Order = 1)] public string SerialNr; [D(Order = 2)] public DateTime NextCheckDate;
        [D(Order = 3)] public DateTime ExpiryDate; [D(Order = 4)] public SignedPublicKey PublicKey;
    }
    [DataContract] public class SoSystemInfoCarrier : Carrier {
        [D(Order = 1)] public LicenseInfo License; [D(Order = 2)] public NetServerBuildType BuildType;
        [D(Order = 3)] public string CompanyName;
    }
    [DataContract] public class SoPrincipalCarrier {
        [D(Order = 1)] public string Associate; [D(Order = 2)] public RoleType RoleType;
    }
    [DataContract] public class SoCredentials { [D] public string Ticket; }
    [DataContract] public class SoTimeZone {
        [D(Order = 1)] public int SoTimeZoneId; [D(Order = 2)] public string SoTimeZoneLocationCode;
    }
    [DataContract] public class SoExceptionInfo {
        [D(Order = 1)] public string Message; [D(Order = 2)] public string StackTrace;
        [D(Order = 3)] public string FriendlyText; [D(Order = 4)] public string ExceptionType;
        [D(Order = 5)] public string Source; [D(Order = 6)] public SoExceptionInfo InnerException;
        [D(Order = 7)] public SoExceptionInfoParameters Parameters;
    }
}

[MessageContract(WrapperName = "AuthenticateUsernamePassword", WrapperNamespace = Names.Services)]
public class LoginRequest {
    [MessageBodyMember(Namespace = Names.Services, Order = 1)] public string UserName;
    [MessageBodyMember(Namespace = Names.Services, Order = 2)] public string Password;
}

[MessageContract(WrapperName = "AuthenticateResponse", WrapperNamespace = Names.Services)]
public class LoginResponse {
    [MessageBodyMember(Namespace = Names.Services, Order = 1)] public SoPrincipalCarrier Response;
    [MessageBodyMember(Namespace = Names.Services, Order = 2)] public SoCredentials Credentials;
    [MessageBodyMember(Namespace = Names.Services, Order = 3)] public bool AuthenticationSucceeded;
}

[ServiceContract(Name = "SoPrincipal", Namespace = Names.Services)]
public interface ISoPrincipal {
    [OperationContract(Action = Names.SoPrincipal + "AuthenticateUsernamePassword", ReplyAction = "*")]
    LoginResponse AuthenticateUsernamePassword(LoginRequest request);
    [OperationContract(Action = Names.SoPrincipal + "GetSystemInfo", ReplyAction = "*")]
    [return: MessageParameter(Name = "SystemInfo")] SoSystemInfoCarrier GetSystemInfo();
}

[ServiceContract(Name = "ErpSync", Namespace = Names.Services)]
public interface IErpSync {
    [OperationContract(Action = Names.ErpSync + "ForceSyncAll", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] PluginResponse ForceSyncAll();
    [OperationContract(Action = Names.ErpSync + "ForceResync", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] PluginResponse ForceResync(int ErpConnectionId, int[] InternalKeyIds);
    [OperationContract(Action = Names.ErpSync + "ForceResyncExternal", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")]
    PluginResponse ForceResyncExternal(int ErpConnectionId, ErpActorType ErpActorType, string[] ExternalKeys);
    [OperationContract(Action = Names.ErpSync + "GetConnection", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] ErpConnection GetConnection(int ErpConnectionId);
    [OperationContract(Action = Names.ErpSync + "SaveConnection", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] ErpConnection SaveConnection(ErpConnection Connection);
    [OperationContract(Action = Names.ErpSync + "SaveActorTypeMapping", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")]
    ErpSyncActorTypeMapping SaveActorTypeMapping(ErpSyncActorTypeMapping Mapping);
    [OperationContract(Action = Names.ErpSync + "GetErpConnectionConfigFields", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] StringDictionary GetErpConnectionConfigFields(int ErpConnectionId);
    [OperationContract(Action = Names.ErpSync + "ChangeEngineInterval", ReplyAction = "*")]
    void ChangeEngineInterval(TimeSpan Interval);
    [OperationContract(Action = Names.ErpSync + "GetEngineStatus", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] ErpSyncEngineStatus GetEngineStatus();
    [OperationContract(Action = Names.ErpSync + "ToggleErpConnectionActive", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")] string[] ToggleErpConnectionActive(int ErpConnectionId);
    [OperationContract(Action = Names.ErpSync + "GetErpFieldValues", ReplyAction = "*")]
    [return: MessageParameter(Name = "Response")]
    string[] GetErpFieldValues(int ErpConnectionId, CrmActorType CrmActorType, int EntityId, string[] FieldKeys);
}

// Without the details Mono would keep the text of a fault to itself.
[ServiceBehavior(InstanceContextMode = InstanceContextMode.Single, IncludeExceptionDetailInFaults = true)]
public class Installation : ISoPrincipal, IErpSync {
    public const string Ticket = "7T:aW50ZXJvcA==";
    TimeSpan interval;

    public LoginResponse AuthenticateUsernamePassword(LoginRequest request) {
        Remember("AuthenticateUsernamePassword", request);
        Succeed();
        if (request.UserName != "tje0" || request.Password != "p<&>æ ") return new LoginResponse();
        return new LoginResponse {
            Response = new SoPrincipalCarrier { Associate = request.UserName, RoleType = RoleType.System },
            Credentials = new SoCredentials { Ticket = Ticket }, AuthenticationSucceeded = true
        };
    }
    public SoSystemInfoCarrier GetSystemInfo() {
        Remember("GetSystemInfo", new { });
        Succeed();
        var key = new Cryptography.DSAParameters { Counter = 3, G = new byte[] { 0, 255 }, P = new byte[0] };
        var license = new LicenseInfo {
            SerialNr = "0042", NextCheckDate = new DateTime(2027, 1, 31, 12, 30, 0),
            PublicKey = new SignedPublicKey { Key = key }
        };
        return new SoSystemInfoCarrier {
            License = license, BuildType = NetServerBuildType.Release, CompanyName = "Blåbær & Sønn"
        };
    }
    public PluginResponse ForceSyncAll() {
        if (!Enter("ForceSyncAll", new { })) return null;
        var changes = new ChangedData {
            UpdatedRecords = new[] {
                new ChangedDataItem { Tablename = "contact", RecordId = 11 }, null,
                new ChangedDataItem { Tablename = "" }
            },
            DeletedRecords = new ChangedDataItem[0]
        };
        var explanation = "US:\"Done\"\r\nNO:\"Utført <&>\"";
        return new PluginResponse { IsOk = true, UserExplanation = explanation, ErrorCode = "", Changes = changes };
    }
    public PluginResponse ForceResync(int ErpConnectionId, int[] InternalKeyIds) {
        Enter("ForceResync", new { ErpConnectionId, InternalKeyIds });
        return new PluginResponse { ErrorCode = "UNKNOWN_CONNECTION_ID" };
    }
    public PluginResponse ForceResyncExternal(int ErpConnectionId, ErpActorType ErpActorType, string[] ExternalKeys) {
        Enter("ForceResyncExternal", new { ErpConnectionId, ErpActorType, ExternalKeys });
        var records = ExternalKeys.Select(key => new ChangedDataItem { Tablename = key, RecordId = 1 });
        return new PluginResponse { IsOk = true, Changes = new ChangedData { AddedRecords = records.ToArray() } };
    }
    public ErpConnection GetConnection(int ErpConnectionId) {
        if (ErpConnectionId == 500) throw new FaultException("Broken <&> æøå");
        if (ErpConnectionId == 404) Fail("No connection 404 <&> æøå", "System.ArgumentException");
        else Enter("GetConnection", new { ErpConnectionId });
        return null;
    }
    public ErpConnection SaveConnection(ErpConnection Connection) {
        Enter("SaveConnection", new { Connection });
        return Connection;
    }
    public ErpSyncActorTypeMapping SaveActorTypeMapping(ErpSyncActorTypeMapping Mapping) {
        Enter("SaveActorTypeMapping", new { Mapping });
        return Mapping;
    }
    public StringDictionary GetErpConnectionConfigFields(int ErpConnectionId) {
        Enter("GetErpConnectionConfigFields", new { ErpConnectionId });
        return new StringDictionary { { "Sérver", "a & b" }, { "Empty", "" }, { "Nil", null } };
    }
    public void ChangeEngineInterval(TimeSpan Interval) {
        Enter("ChangeEngineInterval", new { Interval });
        interval = Interval;
    }
    public ErpSyncEngineStatus GetEngineStatus() {
        Enter("GetEngineStatus", new { });
        return new ErpSyncEngineStatus { IsRunning = true, StatusMessage = " æ ", Interval = interval };
    }
    public string[] ToggleErpConnectionActive(int ErpConnectionId) {
        Enter("ToggleErpConnectionActive", new { ErpConnectionId });
        return ErpConnectionId == 1 ? new string[0] : new[] { "VAT no. <missing>", null, "" };
    }
    public string[] GetErpFieldValues(
        int ErpConnectionId, CrmActorType CrmActorType, int EntityId, string[] FieldKeys
    ) {
        Enter("GetErpFieldValues", new { ErpConnectionId, CrmActorType, EntityId, FieldKeys });
        return FieldKeys;
    }

    static bool Enter(string operation, object arguments) {
        Remember(operation, arguments);
        var credentials = Header<SoCredentials>("Credentials");
        if (credentials == null || credentials.Ticket != Ticket) {
            Fail("The ticket has expired", "SuperOffice.Exceptions.SoSessionException");
            return false;
        }
        Succeed();
        return true;
    }
    static void Remember(string operation, object arguments) {
        var headers = new Dictionary<string, object>();
        foreach (var name in new[] { "ApplicationToken", "Credentials", "TimeZone" }) {
            var header = name == "Credentials" ? Header<SoCredentials>(name)
                : name == "TimeZone" ? Header<SoTimeZone>(name) : (object)Header<string>(name);
            if (header != null) headers[name] = header;
        }
        var properties = OperationContext.Current.IncomingMessageProperties;
        var request = (HttpRequestMessageProperty)properties[HttpRequestMessageProperty.Name];
        var call = new { operation, arguments, headers, action = request.Headers["SOAPAction"],
            type = request.Headers["Content-Type"] };
        File.AppendAllText(Environment.GetEnvironmentVariable("SEEN"), Json.Of(call) + "\n");
    }
    static T Header<T>(string name) where T : class {
        var headers = OperationContext.Current.IncomingMessageHeaders;
        return headers.FindHeader(name, Names.Services) < 0 ? null : headers.GetHeader<T>(name, Names.Services);
    }
    static void Answer(string name, object value) {
        OperationContext.Current.OutgoingMessageHeaders.Add(MessageHeader.CreateHeader(name, Names.Services, value));
    }
    static void Succeed() {
        Answer("ExtraInfo", new SoExtraInfo { { "a", null } });
        Answer("Succeeded", true);
    }
    static void Fail(string message, string type) {
        Answer("ExceptionInfo", new SoExceptionInfo {
            Message = message, FriendlyText = "", ExceptionType = type,
            InnerException = new SoExceptionInfo { Message = "inner\r\nlines", ExceptionType = "System.Exception" },
            Parameters = new SoExceptionInfoParameters { { "id", null } }
        });
        Answer("Succeeded", false);
    }
}

static class Json {
    public static string Of(object value) { return new JavaScriptSerializer().Serialize(Plain(value)); }

    static object Plain(object value) {
        if (value == null || value is string || value is bool || value is int) return value;
        if (value is TimeSpan) return XmlConvert.ToString((TimeSpan)value);
        if (value is ETableRight || value is EFieldRight)
            return Convert.ToInt32(value) == 0 ? "" : value.ToString().Replace(",", "");
        if (value is Enum) return value.ToString();
        var pairs = value as IDictionary;
        if (pairs != null) return pairs.Keys.Cast<string>().ToDictionary(key => key, key => Plain(pairs[key]));
        var items = value as IEnumerable;
        if (items != null) return items.Cast<object>().Select(Plain).ToArray();
        var members = value.GetType().GetFields().Where(one => !one.IsStatic)
            .Select(one => new KeyValuePair<string, object>(one.Name, one.GetValue(value)))
            .Concat(value.GetType().GetProperties()
                .Select(one => new KeyValuePair<string, object>(one.Name, one.GetValue(value, null))));
        return members.Where(one => one.Value != null).ToDictionary(one => one.Key, one => Plain(one.Value));
    }
}

static class Program {
    static void Main(string[] arguments) {
        if (arguments[0] == "serve") Serve("http://127.0.0.1:" + Environment.GetEnvironmentVariable("PORT"));
        else Call(arguments[1]);
    }

    static void Serve(string machine) {
        var installation = new Installation();
        Open(installation, typeof(IErpSync), machine + "/Remote/Services86/ErpSync.svc");
        Open(installation, typeof(ISoPrincipal), machine + "/Remote/Services86/SoPrincipal.svc");
        Thread.Sleep(Timeout.Infinite);
    }
    static void Open(Installation installation, Type contract, string address) {
        var host = new ServiceHost(installation);
        host.AddServiceEndpoint(contract, new BasicHttpBinding(), address);
        host.Open();
    }

    static void Call(string url) {
        var principal = Channel<ISoPrincipal>(url + "/SoPrincipal.svc");
        var erpSync = Channel<IErpSync>(url + "/ErpSync.svc");
        var refused = Login(principal, "wrong");
        var login = Login(principal, "Tje0");
        PluginResponse sync, resync, stranger;
        ErpConnection connection;
        using (new OperationContextScope((IContextChannel)erpSync)) {
            Say("Credentials", login.Credentials);
            sync = erpSync.ForceSyncAll();
            resync = erpSync.ForceResyncExternal(1, ErpActorType.Customer, new[] { "C1001", "C9999", "C1002" });
            connection = erpSync.GetConnection(3);
        }
        using (new OperationContextScope((IContextChannel)erpSync)) {
            Say("Credentials", new SoCredentials { Ticket = "7T:bm8=" });
            stranger = erpSync.ForceSyncAll();
        }
        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        Console.WriteLine(Json.Of(new { refused = refused.AuthenticationSucceeded, ticket = login.Credentials.Ticket,
            sync = sync.IsOk, resync, connection, stranger }));
    }
    static LoginResponse Login(ISoPrincipal principal, string password) {
        return principal.AuthenticateUsernamePassword(new LoginRequest { UserName = "tje0", Password = password });
    }
    static T Channel<T>(string address) {
        return new ChannelFactory<T>(new BasicHttpBinding(), new EndpointAddress(address)).CreateChannel();
    }
    static void Say(string name, object value) {
        OperationContext.Current.OutgoingMessageHeaders.Add(MessageHeader.CreateHeader(name, Names.Services, value));
    }
}

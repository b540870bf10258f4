using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DeepSeek.Federated.Agent.Tests.Egress;

/// <summary>Reads the agent's compiled code: only the folder Egress may make anything that can send.</summary>
public sealed class The_one_way_out
{
    private const string Allowed = "DeepSeek.Federated.Agent.Egress";

    private static readonly string[] Senders =
    [
        "System.Net.Http.HttpClient", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.SocketsHttpHandler", "System.Net.Http.HttpClientHandler",
        "Grpc.Net.Client.GrpcChannel", "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient", "System.Net.Sockets.NetworkStream",
        "System.Net.WebClient", "System.Net.WebRequest", "System.Net.HttpWebRequest", "System.Net.Dns", "System.Net.WebSockets.ClientWebSocket", "System.Net.Mail.SmtpClient",
        "System.Net.NetworkInformation.Ping", "System.Net.Quic.QuicConnection", "System.IO.Pipes.NamedPipeClientStream",
    ];

    private static readonly Assembly Agent = typeof(Agent.Egress.EgressDesk).Assembly;

    [Fact]
    public void is_the_folder_Egress()
    {
        var makers = Makers(Agent.Location).ToList();
        Assert.Contains(makers, m => m.Maker.StartsWith(Allowed, StringComparison.Ordinal));   // the reading finds something at all
        Assert.DoesNotContain(makers, m => !m.Maker.StartsWith(Allowed + ".", StringComparison.Ordinal));
    }

    [Fact]
    public void is_not_in_the_rooms_that_the_agent_is_made_of()
    {
        var rooms = Agent.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("DeepSeek.Federated.", StringComparison.Ordinal)).Select(Assembly.Load).ToList();
        Assert.NotEmpty(rooms);
        foreach (var room in rooms) Assert.Empty(Makers(room.Location));
    }

    // newobj or call of a sender's constructor or static factory; members of an instance that Egress gave out are no way round it.
    private static IEnumerable<(string Maker, string Made)> Makers(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            foreach (var (code, token) in Calls(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!))
                if (Made(metadata, code, token) is { } made && Senders.Contains(made)) yield return (Name(metadata, method.GetDeclaringType()), made);
        }
    }

    private static string? Made(MetadataReader metadata, OpCode code, int token)
    {
        var handle = MetadataTokensOf(token);
        if (handle.Kind != HandleKind.MemberReference) return null;
        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        if (member.Parent.Kind != HandleKind.TypeReference) return null;
        var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
        var isStatic = !member.DecodeMethodSignature(new Signatures(), null).Header.IsInstance;
        return code == OpCodes.Newobj || isStatic || metadata.GetString(member.Name) == ".ctor"
            ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"
            : null;
    }

    private static EntityHandle MetadataTokensOf(int token) => System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);

    private static string Name(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{Name(metadata, outer)}+{name}" : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

    private static IEnumerable<(OpCode, int)> Calls(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? Codes[(short)(0xFE00 | il[at + 1])] : Codes[il[at]];
            at += code.Size;
            if (code == OpCodes.Newobj || code == OpCodes.Call || code == OpCodes.Callvirt) yield return (code, BitConverter.ToInt32(il, at));
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
        }
    }

    private sealed class Signatures : ISignatureTypeProvider<int, object?>
    {
        public int GetArrayType(int elementType, ArrayShape shape) => 0;
        public int GetByReferenceType(int elementType) => 0;
        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;
        public int GetGenericInstantiation(int genericType, System.Collections.Immutable.ImmutableArray<int> typeArguments) => 0;
        public int GetGenericMethodParameter(object? genericContext, int index) => 0;
        public int GetGenericTypeParameter(object? genericContext, int index) => 0;
        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;
        public int GetPinnedType(int elementType) => 0;
        public int GetPointerType(int elementType) => 0;
        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;
        public int GetSZArrayType(int elementType) => 0;
        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => 0;
        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
        public int GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => 0;
    }
}

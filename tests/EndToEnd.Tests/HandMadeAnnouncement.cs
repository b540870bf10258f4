using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Parameters.Protection;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Grpc.Net.Client;
using static DeepSeek.Federated.Domain.Events.RoundEvent;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>The announcement of round 1 that an agent would have sent had it lived, made by hand with the site's own keys and its finished update.</summary>
internal sealed class HandMadeAnnouncement(Federation federation, string site, string baseVersion)
{
    public async Task Send()
    {
        var folder = federation.SiteFolder(site);
        var update = await File.ReadAllBytesAsync(Path.Combine(folder, "studies", Federation.Study, "rounds", "1", "update.bin"));
        using var identity = SigningKey.Load(Path.Combine(folder, "identity.key"));
        var catalog = new EventCatalog();
        var root = ChunkTree.Root(new MemoryStream(update));
        UpdateAccepted Say(string signature) =>
            new(new StudyId(Federation.Study), 1, 1, new SiteId(site), Digest.Parse(baseVersion), Digest.Of(update), update.Length, root, [], signature);
        var signed = Say(SiteStatement.Sign(catalog, Say(""), identity));

        var connection = Path.Combine(folder, "connection.pem");
        using var certificate = X509Certificate2.CreateFromPemFile(connection, connection);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        using var channel = GrpcChannel.ForAddress($"https://127.0.0.1:{federation.Port}", new GrpcChannelOptions { HttpHandler = handler });
        await new Agents.AgentsClient(channel).StateAsync(new StatementRequest
        {
            Version = ProtocolVersion.Current, Type = catalog.TypeOf(signed).Name, Body = ByteString.CopyFrom(catalog.Encode(signed)),
        });
    }
}

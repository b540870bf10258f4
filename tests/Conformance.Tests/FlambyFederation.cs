using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DeepSeek.Federated.Data.Tests;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.EndToEnd.Tests;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Conformance.Tests;

/// <summary>Four real hospitals, each a process with its own table, and a coordinator: the product itself. Only the order of rows is given, as FLamby drew it.</summary>
public sealed class FlambyFederation : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly string _folder = Directory.CreateTempSubdirectory("conformance-").FullName;
    private readonly List<Executable> _running = [];
    private HttpClient _operator = null!;

    private string Coordinator => Path.Combine(_folder, "federation");

    private string Profile => Path.Combine(Coordinator, "operator");

    public async ValueTask InitializeAsync()
    {
        _ = HeartDisease.Folder;   // skips where there are no data
        await Executable.Run("coordinator", "init", "--dir", Coordinator, "--name", "flamby", "--host", "127.0.0.1", "--port", "0");
        var serving = Executable.Start("coordinator", ["serve", "--dir", Coordinator]);
        _running.Add(serving);
        var url = (await serving.Line(l => l.StartsWith("listening on ", StringComparison.Ordinal), Patience))["listening on ".Length..];
        _operator = Operator(url);
        foreach (var hospital in HeartDisease.Hospitals) await Enrol(url, hospital);
        foreach (var hospital in HeartDisease.Hospitals)
        {
            foreach (var other in HeartDisease.Hospitals) await Executable.Run("agent", "roster", "confirm", Path.Combine(_folder, $"{other}.roster"), "--dir", Site(hospital));
            var agent = Executable.Start("agent", ["run", "--dir", Site(hospital), "--progress", "json"], new Dictionary<string, string> { ["FEDERATED_GIVEN_BATCHES"] = Batches(hospital) });
            _running.Add(agent);
            await agent.Line(l => l.Contains("\"connected\"", StringComparison.Ordinal), Patience);
        }
    }

    /// <summary>Uploads a file of initial weights and submits a study that begins with it.</summary>
    internal async Task Submit(GoldenRun run, int valueBits, byte[] weights)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, BlobPaths.Of(Digest.Of(weights))) { Content = new ByteArrayContent(weights) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(0, weights.Length - 1, weights.Length);
        using var reply = await _operator.SendAsync(request);
        reply.EnsureSuccessStatusCode();
        foreach (var (hospital, at) in HeartDisease.Hospitals.Select((h, i) => (h, i)))
            await File.WriteAllLinesAsync(Path.Combine(Batches(hospital), $"{run.Study(valueBits)}.txt"), GoldenRuns.Batches(run.Seed, at));
        var file = Path.Combine(_folder, $"{run.Study(valueBits)}.yaml");
        await File.WriteAllTextAsync(file, FlambyStudy.Manifest(run, valueBits, Digest.Of(weights)));
        await Executable.Run("dsfed", "study", "submit", file, "--profile", Profile);
    }

    /// <summary>The study's status at its end.</summary>
    public async Task<JsonElement> Ended(string study)
    {
        await using var watch = Executable.Start("dsfed", ["study", "status", study, "--watch", "--json", "--profile", Profile]);
        var line = await watch.Line(l => l.StartsWith('{') && JsonDocument.Parse(l).RootElement.GetProperty("phase").GetString() is "completed" or "stopped", Patience);
        return JsonDocument.Parse(line).RootElement;
    }

    public Task<byte[]> Blob(string digest) => _operator.GetByteArrayAsync(BlobPaths.Of(Digest.Parse(digest)));

    public Task<(int Code, string Output, string Errors)> Verify() => Executable.Try("dsfed", "ledger", "verify", "--profile", Profile);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running) await process.DisposeAsync();
        _operator?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Site(string hospital) => Path.Combine(_folder, hospital);

    private string Batches(string hospital) => Path.Combine(_folder, $"{hospital}-batches");

    private async Task Enrol(string url, string hospital)
    {
        var token = (await Executable.Run("dsfed", "invite", hospital, "--profile", Profile)).Trim();
        await Executable.Run("agent", "enroll", url, token, "--dir", Site(hospital));
        await File.WriteAllTextAsync(Path.Combine(_folder, $"{hospital}.roster"), await Executable.Run("agent", "roster", "export", "--dir", Site(hospital)));
        Directory.CreateDirectory(Batches(hospital));
        var table = HeartDisease.WriteCsv(hospital, _folder);
        await File.WriteAllTextAsync(Path.Combine(Site(hospital), "data.yaml"), FlambyStudy.Data(table));
        await File.WriteAllTextAsync(Path.Combine(Site(hospital), "policy.yaml"), FlambyStudy.Policy(GoldenRuns.All));
    }

    private HttpClient Operator(string url)
    {
        var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(Profile, "cert.pem"), Path.Combine(Profile, "key.pem"));
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Profile, "ca.pem"));
        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
                },
            },
        }) { BaseAddress = new Uri(url) };
    }
}

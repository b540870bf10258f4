using System.Net;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Identity;
using DeepSeek.Federated.Signing.Keys;
using DeepSeek.Federated.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace DeepSeek.Federated.Coordinator.Serving;

/// <summary>A coordinator that runs: silo, gateway and storage in one process, on one port.</summary>
internal sealed class CoordinatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FederationDirectory _directory;
    private readonly CertificateAuthority _authority;

    private CoordinatorServer(WebApplication app, FederationDirectory directory, CertificateAuthority authority, string url) =>
        (_app, _directory, _authority, Url) = (app, directory, authority, url);

    /// <summary>Where agents and operators dial.</summary>
    public string Url { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Ends when the process was told to stop and everything is down.</summary>
    /// <exception cref="LedgerUnavailableException">It stopped because another writer took the ledger.</exception>
    public async Task Run()
    {
        await _app.WaitForShutdownAsync();
        var writing = _app.Services.GetRequiredService<Ledger>().Writing;
        if (writing.IsFaulted) await writing;
    }

    public static async Task<CoordinatorServer> Start(
        FederationDirectory directory, CoordinatorSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var authority = CertificateAuthority.Load(directory, settings.Name);
        PublicKey ledgerKey;
        using (var key = SigningKey.Load(directory.LedgerKey)) ledgerKey = key.Public;
        var app = Composition.Build(directory, settings, authority, new FederationKeys(ledgerKey), clock);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            authority.Dispose();
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var url = $"https://{HostOf(settings)}:{BindingAddress.Parse(bound).Port}";
        OwnerFile.Write(directory.Address, url + "\n");
        OperatorProfile.WriteUrl(directory, url, settings.Name, ledgerKey.ToString());
        return new CoordinatorServer(app, directory, authority, url);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_app.Lifetime.ApplicationStopped.IsCancellationRequested) await _app.StopAsync();
        await _app.DisposeAsync();
        _authority.Dispose();
        File.Delete(_directory.Address);
    }

    private static string HostOf(CoordinatorSettings settings) =>
        IPAddress.TryParse(settings.Hosts[0], out var address) && address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : settings.Hosts[0];
}

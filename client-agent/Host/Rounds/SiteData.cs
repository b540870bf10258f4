using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>What asking for a dataset gives.</summary>
public abstract record DataStanding
{
    private DataStanding() { }

    /// <summary>Rows that fit the contract.</summary>
    public sealed record Ready(DatasetReading.Ready Reading) : DataStanding;

    /// <summary>This site has no such dataset, or cannot reach it.</summary>
    public sealed record Missing(string Sentence) : DataStanding;

    /// <summary>The data do not fit the contract. The sentences hold no row and no value.</summary>
    public sealed record Unfit(ImmutableArray<DatasetFault> Faults) : DataStanding
    {
        public bool OnlyTooFewRows => Faults.All(f => f.Kind == DatasetFaultKind.TooFewRows);
    }
}

/// <summary>The site's own data, by <c>data.yaml</c>: which dataset lies where. What was read is kept until the file changes.</summary>
/// <remarks>Thread-safe; one reading at a time.</remarks>
public sealed class SiteData(SiteDirectory directory) : IDisposable
{
    private const int Largest = 256 * 1024;
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<(string Path, Digest Contract), (long Length, DateTime Written, DataStanding Standing)> _read = [];

    /// <summary>Reads the rows that a study's contract asks for.</summary>
    public Task<DataStanding> Read(StudyManifest manifest, CancellationToken cancellationToken) => Read(manifest.Dataset, manifest.Digest, cancellationToken);

    public void Dispose() => _one.Dispose();

    private async Task<DataStanding> Read(DatasetContract contract, Digest key, CancellationToken cancellationToken)
    {
        if (Locate(contract, out var why) is not { } file) return new DataStanding.Missing(why);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_read.TryGetValue((file.FullName, key), out var known) && known.Length == file.Length && known.Written == file.LastWriteTimeUtc) return known.Standing;
            IDataConnector connector = contract.Derive is null ? new CsvConnector(file.FullName) : new TransactionConnector(file.FullName);
            DataStanding standing = await connector.Read(contract, cancellationToken) switch
            {
                DatasetReading.Ready ready     => new DataStanding.Ready(ready),
                DatasetReading.Refused refused => new DataStanding.Unfit(refused.Faults),
                _                              => throw new InvalidOperationException("unreachable: the family is closed"),
            };
            _read[(file.FullName, key)] = (file.Length, file.LastWriteTimeUtc, standing);
            return standing;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Where a dataset's table lies; null when it does not, and then why.</summary>
    public FileInfo? Locate(DatasetContract contract, out string why)
    {
        why = "";
        var sources = Sources(out var fault);
        if (fault is not null) why = fault;
        else if (sources.FirstOrDefault(s => s.Name == contract.Name) is not { } source) why = $"'{directory.Data}' names no dataset '{contract.Name}'. Add it with its connector and path.";
        else if (source.Connector != Connector(contract)) why = $"'{directory.Data}' gives the dataset '{contract.Name}' by connector '{source.Connector}'; the contract needs '{Connector(contract)}'.";
        else if (new FileInfo(source.Path) is { Exists: true } file) return file;
        else why = $"The dataset '{contract.Name}' should lie at '{source.Path}', and there is no file.";
        return null;
    }

    private ImmutableArray<DataSource> Sources(out string? fault)
    {
        fault = null;
        if (!File.Exists(directory.Data))
        {
            fault = $"There is no '{directory.Data}', so this site has no data. It names each dataset with its connector and path.";
            return [];
        }
        using var file = new FileStream(directory.Data, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (YamlDocument.Read(file, Largest) is not DocumentReading.Read read)
        {
            fault = $"'{directory.Data}' cannot be read: {YamlDocument.Read(File.ReadAllText(directory.Data), Largest)}";
            return [];
        }
        List<string> faults = [];
        var reader = new DocumentReader(read.Root, faults);
        reader.Exactly("apiVersion", ManifestReader.ApiVersion);
        reader.Exactly("kind", "SiteData");
        var spec = reader.Object("spec");
        var sources = spec.Objects("datasets", Source);
        if (sources.Select(s => s.Name).Distinct().Count() != sources.Length) spec.Fault("datasets", "names a dataset twice");
        spec.Finish();
        reader.Finish();
        if (faults.Count > 0) fault = $"'{directory.Data}' has faults: {string.Join(" ", faults)}";
        return sources;
    }

    private DataSource? Source(DocumentReader reader)
    {
        var (name, path) = (reader.Text("name", 40), reader.Text("path", 4000));
        var connector = reader.Text("connector", 40);
        if (connector is not ("csv" or "transactions" or "")) reader.Fault("connector", $"must be csv or transactions, not '{connector}'");
        if (!Slug.Is(name)) reader.Fault("name", $"'{name}' is not a dataset name: {Slug.Rule}");
        return path.Length == 0 ? null : new DataSource(name, connector, Path.GetFullPath(path, directory.Root));
    }

    /// <summary>Features over time come from raw transactions; whatever else stands in a table as it is.</summary>
    private static string Connector(DatasetContract contract) => contract.Derive is null ? "csv" : "transactions";

    private sealed record DataSource(string Name, string Connector, string Path);
}

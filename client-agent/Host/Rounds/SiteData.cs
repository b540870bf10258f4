using System.Collections.Immutable;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Data;
using DeepSeek.Federated.Documents;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;
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

/// <summary>The site's own data, by <c>data.yaml</c>: which dataset lies where. What was read is kept until a file changes.</summary>
/// <remarks>Thread-safe; one reading at a time.</remarks>
public sealed class SiteData(SiteDirectory directory) : IDisposable
{
    private const int Largest = 256 * 1024;
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<(DataSource Source, Digest Contract), (ImmutableArray<FileStamp> Files, DataStanding Standing)> _read = [];

    /// <summary>Reads the rows that a study's contract asks for.</summary>
    public Task<DataStanding> Read(StudyManifest manifest, CancellationToken cancellationToken) => Read(manifest.Dataset, manifest.Digest, cancellationToken);

    public void Dispose() => _one.Dispose();

    private async Task<DataStanding> Read(DatasetContract contract, Digest key, CancellationToken cancellationToken)
    {
        if (Locate(contract, out var why) is not { } source) return new DataStanding.Missing(why);
        await _one.WaitAsync(cancellationToken);
        try
        {
            ImmutableArray<FileStamp> files = [.. source.Files.Select(FileStamp.Of)];
            if (_read.TryGetValue((source, key), out var known) && known.Files.SequenceEqual(files)) return known.Standing;
            DataStanding standing = await source.Connector.Read(contract, cancellationToken) switch
            {
                DatasetReading.Ready ready     => new DataStanding.Ready(ready),
                DatasetReading.Refused refused => new DataStanding.Unfit(refused.Faults),
                _                              => throw new InvalidOperationException("unreachable: the family is closed"),
            };
            _read[(source, key)] = (files, standing);
            return standing;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Where a dataset lies; null when it does not, and then why.</summary>
    public DataSource? Locate(DatasetContract contract, out string why)
    {
        why = "";
        var sources = Sources(out var fault);
        if (fault is not null) why = fault;
        else if (sources.FirstOrDefault(s => s.Name == contract.Name) is not { } source) why = $"'{directory.Data}' names no dataset '{contract.Name}'. Add it with its connector and path.";
        else if (source is DataSource.Transactions == contract.Derive is null)
            why = contract.Derive is null
                ? $"'{directory.Data}' gives the dataset '{contract.Name}' by connector 'transactions'; the contract derives nothing and needs a table or images."
                : $"'{directory.Data}' gives the dataset '{contract.Name}' by another connector than 'transactions'; the contract derives its features from raw transactions.";
        else if (source.Files.FirstOrDefault(path => !File.Exists(path)) is { } absent) why = $"The dataset '{contract.Name}' should lie at '{absent}', and there is no file.";
        else return source;
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
        var sources = spec.Objects("datasets", source => DataSource.Read(source, directory.Root));
        if (sources.Select(s => s.Name).Distinct().Count() != sources.Length) spec.Fault("datasets", "names a dataset twice");
        spec.Finish();
        reader.Finish();
        if (faults.Count > 0) fault = $"'{directory.Data}' has faults: {string.Join(" ", faults)}";
        return sources;
    }

    /// <summary>What tells that a file is another one by now.</summary>
    private readonly record struct FileStamp(long Length, DateTime Written)
    {
        public static FileStamp Of(string path) => new FileInfo(path) is { Exists: true } file ? new(file.Length, file.LastWriteTimeUtc) : default;
    }
}

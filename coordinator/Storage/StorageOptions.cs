namespace DeepSeek.Federated.Storage;

/// <summary>Where the federation's memory lies.</summary>
public sealed record StorageOptions
{
    /// <summary>Where the ledger is.</summary>
    public required LedgerPlace Database { get; init; }

    /// <summary>Folder of the blobs; made where it is missing.</summary>
    public required string BlobDirectory { get; init; }

    /// <summary>Path of the key that signs tree heads; it must exist.</summary>
    public required string LedgerKeyPath { get; init; }

    /// <summary>The federation's name, which is the origin of its checkpoints.</summary>
    public required string Federation { get; init; }

    internal void Check()
    {
        if (Database is LedgerPlace.InFile(var path)) ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(Database));
        ArgumentException.ThrowIfNullOrWhiteSpace(BlobDirectory);
        ArgumentException.ThrowIfNullOrWhiteSpace(LedgerKeyPath);
        ArgumentException.ThrowIfNullOrWhiteSpace(Federation);
    }
}

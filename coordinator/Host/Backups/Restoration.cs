using System.Formats.Tar;
using System.Text.Json;
using DeepSeek.Federated.Coordinator.Commands;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Coordinator.Backups;

/// <summary>Puts a federation back from a backup: unpacked beside its place, verified leaf by leaf, and only then moved into it.</summary>
internal static class Restoration
{
    /// <summary>What came back.</summary>
    public sealed record Restored(BackupLabel Label, long Size, Domain.Encoding.Digest Root);

    /// <param name="file">The backup.</param>
    /// <param name="directory">The new place.</param>
    /// <param name="other">The database for the ledger, where it is another than when the backup was taken.</param>
    /// <param name="clock">Now.</param>
    /// <param name="cancellationToken">Ends it; nothing is left behind.</param>
    /// <exception cref="OperationRefusedException">The folder is not empty, or the backup does not verify.</exception>
    /// <exception cref="IOException">The database holds a ledger.</exception>
    public static async Task<Restored> Run(
        string file, FederationDirectory directory, DatabaseChoice? other, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!directory.IsEmpty) throw new OperationRefusedException($"{directory.Path} is not empty, and a restore overwrites nothing. Name a new or empty folder with --dir.");
        var beside = new FederationDirectory($"{directory.Path}.restoring-{Path.GetRandomFileName()}");
        try
        {
            beside.Create();
            var label = await Unpack(file, beside, cancellationToken);
            if (!beside.IsFounded) throw new OperationRefusedException($"{file} holds no coordinator.json: it is no backup of a coordinator.");
            var settings = CoordinatorSettings.Read(beside.Settings);
            if (other is not null) (settings = settings with { Database = other }).Write(beside.Settings);
            var head = await OfflineLedger.Append(beside, beside.StorageInFile(settings), clock,
                (verified, _) => [new FederationEvent.LedgerRecovered(verified.Size, verified.Root, label.Taken)], cancellationToken);
            await OfflineLedger.Deliver(beside, settings, cancellationToken);
            if (Directory.Exists(directory.Path)) Directory.Delete(directory.Path);
            Directory.Move(beside.Path, directory.Path);
            return new Restored(label, head.Size, head.Root);
        }
        finally
        {
            if (Directory.Exists(beside.Path)) Directory.Delete(beside.Path, recursive: true);
        }
    }

    private static async Task<BackupLabel> Unpack(string file, FederationDirectory to, CancellationToken cancellationToken)
    {
        BackupLabel? label = null;
        try
        {
            await using var source = File.OpenRead(file);
            await using var tar = new TarReader(source);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) throw NotOurs(file, entry.Name);
                if (entry.Name == BackupLabel.Entry) label = await JsonSerializer.DeserializeAsync<BackupLabel>(entry.DataStream!, JsonSerializerOptions.Web, cancellationToken);
                else await Unpack(entry, Inside(to, entry.Name) ?? throw NotOurs(file, entry.Name), cancellationToken);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or JsonException)
        {
            throw new OperationRefusedException($"{file} is damaged or no backup of a coordinator: {broken.Message}");
        }
        // The label is written last: an archive without it was cut short.
        if (label is null) throw new OperationRefusedException($"{file} is cut short or no backup of a coordinator. Take another one.");
        return label.Format == BackupLabel.Current ? label : throw new OperationRefusedException($"{file} has format {label.Format}; this program reads {BackupLabel.Current}. Update the coordinator.");
    }

    private static async Task Unpack(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        FederationDirectory.CreateFolder(Path.GetDirectoryName(path)!);
        await using var file = OwnerFile.CreateNew(path);
        if (entry.DataStream is { } content) await content.CopyToAsync(file, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    // No name in an archive may lead out of the folder.
    private static string? Inside(FederationDirectory to, string name)
    {
        var path = Path.GetFullPath(Path.Combine(to.Path, name));
        return path.StartsWith(to.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    private static OperationRefusedException NotOurs(string file, string name) => new($"{file} holds '{name}', which no backup of a coordinator has.");
}

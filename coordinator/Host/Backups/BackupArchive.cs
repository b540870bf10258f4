using System.Formats.Tar;
using System.Text.Json;
using DeepSeek.Federated.Coordinator.Founding;
using DeepSeek.Federated.Storage;

namespace DeepSeek.Federated.Coordinator.Backups;

/// <summary>What the archive says of itself, in its first entry.</summary>
/// <param name="Format">1.</param>
/// <param name="Federation">Its name.</param>
/// <param name="Taken">When the ledger was copied.</param>
internal sealed record BackupLabel(int Format, string Federation, DateTimeOffset Taken)
{
    public const int Current = 1;
    public const string Entry = "backup.json";
}

/// <summary>Everything of a federation in one tar file, its secrets included; taken while the coordinator serves.</summary>
internal sealed class BackupArchive(FederationDirectory directory, CoordinatorSettings settings, TimeProvider clock)
{
    /// <summary>Writes the archive, whole or not at all, readable by its owner only.</summary>
    public async Task Write(string file, CancellationToken cancellationToken)
    {
        var unfinished = $"{file}.{Path.GetRandomFileName()}";
        var copy = directory.In("run", $"{Path.GetRandomFileName()}.db"); // a folder that only its owner may enter
        try
        {
            await using (var target = OwnerFile.CreateNew(unfinished))
            {
                await using (var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
                {
                    var written = new HashSet<string>(StringComparer.Ordinal);
                    // Blobs first and once more after the ledger: an update that the copied ledger counts on is deleted only when its version is
                    // published, so it is met by the one pass or by the other.
                    await WriteFolder(tar, directory.Blobs, written, cancellationToken);
                    var taken = clock.GetUtcNow();
                    await LedgerBackup.Write(settings.Database.Place(directory), copy, cancellationToken); // one consistent picture, verified, while another process writes
                    await WriteFolder(tar, directory.Blobs, written, cancellationToken);
                    await WriteFile(tar, copy, Relative(directory.Database), cancellationToken);
                    foreach (var path in (string[])[directory.Settings, directory.AuthorityCertificate, directory.AuthorityKey, directory.LedgerKey])
                        await WriteFile(tar, path, Relative(path), cancellationToken);
                    await WriteFolder(tar, directory.Operator, written, cancellationToken);
                    await WriteLabel(tar, new BackupLabel(BackupLabel.Current, settings.Name, taken), cancellationToken);
                }
                target.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file, overwrite: false);
        }
        finally
        {
            File.Delete(unfinished);
            File.Delete(copy);
        }
    }

    private async Task WriteFolder(TarWriter tar, string folder, HashSet<string> written, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList())
        {
            if (path.StartsWith(directory.Partial, StringComparison.Ordinal) || !written.Add(path)) continue;
            try
            {
                await WriteFile(tar, path, Relative(path), cancellationToken);
            }
            catch (FileNotFoundException)
            {
                // An update that was counted, or an upload that became whole, between the listing and this line.
                written.Remove(path);
            }
        }
    }

    private static async Task WriteFile(TarWriter tar, string path, string name, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await tar.WriteEntryAsync(Entry(name, content), cancellationToken);
    }

    private static async Task WriteLabel(TarWriter tar, BackupLabel label, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(label, JsonSerializerOptions.Web));
        await tar.WriteEntryAsync(Entry(BackupLabel.Entry, content), cancellationToken);
    }

    private static PaxTarEntry Entry(string name, Stream content) =>
        new(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

    private string Relative(string path) => Path.GetRelativePath(directory.Path, path).Replace('\\', '/');
}

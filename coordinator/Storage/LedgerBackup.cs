using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Lineage.Merkle;
using DeepSeek.Federated.Storage.Backups;
using DeepSeek.Federated.Storage.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace DeepSeek.Federated.Storage;

/// <summary>Copies of the ledger's database: one SQLite file wherever the ledger is, made while it runs, verified leaf by leaf. So a ledger can also move from
/// one kind of database to the other. A copy holds private parts: keep it as safe as the ledger. Blobs are not in it.</summary>
public static class LedgerBackup
{
    /// <summary>Writes a copy as of now, whole or not at all, and verifies what was written.</summary>
    /// <exception cref="FileNotFoundException">There is no such database.</exception>
    /// <exception cref="IOException">The destination is taken, or its disk refuses.</exception>
    /// <exception cref="LedgerDamagedException">The copy's leaves do not have the root that its head says.</exception>
    /// <exception cref="LedgerUnavailableException">The server does not answer, or holds no ledger of this program.</exception>
    public static async Task<BackupSummary> Write(LedgerPlace place, string destination, CancellationToken cancellationToken)
    {
        if (place is LedgerPlace.InFile(var database)) Existing(database);
        RefuseTaken(destination);
        var unfinished = $"{destination}.unfinished";
        File.Delete(unfinished);
        try
        {
            if (place is LedgerPlace.OnServer server) await LedgerTransfer.FromServer(server, unfinished, cancellationToken);
            else await Vacuum(((LedgerPlace.InFile)place).Path, unfinished, cancellationToken);
            return await Finish(unfinished, destination, cancellationToken);
        }
        catch (Exception broken) when (broken is SqliteException or DbUpdateException { InnerException: SqliteException })
        {
            throw new IOException($"The backup '{destination}' could not be written: {(broken.InnerException ?? broken).Message} Check the space and the rights of its folder.", broken);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Reads a backup and hashes every leaf again. Its signature is checked when a <see cref="Ledger"/> starts on it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LedgerDamagedException">It is no ledger, or not one that holds together.</exception>
    public static async Task<BackupSummary> Verify(string file, CancellationToken cancellationToken)
    {
        Existing(file);
        try
        {
            await using var database = LedgerTransfer.Open(file, SqliteOpenMode.ReadOnly);
            return await Verify(database, cancellationToken);
        }
        catch (Exception broken) when (broken is SqliteException or InvalidOperationException or FormatException)
        {
            throw new LedgerDamagedException($"'{file}' is no whole ledger: {broken.Message} Take another backup.");
        }
    }

    /// <summary>Puts a verified backup where a ledger is to be. What was lost must be said: append <c>LedgerRecovered</c> with the summary once the
    /// ledger has started on it.</summary>
    /// <exception cref="IOException">There is a ledger already, or the disk refuses.</exception>
    /// <exception cref="LedgerDamagedException">The backup does not hold together.</exception>
    /// <exception cref="LedgerUnavailableException">The server does not answer or does not take it.</exception>
    public static async Task<BackupSummary> Restore(string file, LedgerPlace place, CancellationToken cancellationToken)
    {
        await RefuseTaken(place, cancellationToken);
        var summary = await Verify(file, cancellationToken);
        if (place is LedgerPlace.OnServer server)
        {
            await LedgerTransfer.ToServer(file, server, cancellationToken);
            return summary;
        }
        var database = ((LedgerPlace.InFile)place).Path;
        var unfinished = $"{database}.unfinished";
        try
        {
            File.Copy(file, unfinished, overwrite: true);
            return await Finish(unfinished, database, cancellationToken);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Asks whether a ledger can be put there; nothing is changed.</summary>
    /// <exception cref="IOException">There is one already.</exception>
    /// <exception cref="LedgerUnavailableException">The server does not answer.</exception>
    public static async Task RefuseTaken(LedgerPlace place, CancellationToken cancellationToken)
    {
        if (place is LedgerPlace.OnServer server) await LedgerTransfer.RefuseTaken(server, cancellationToken);
        else if (place is LedgerPlace.InFile(var path))
            foreach (var part in new[] { path, $"{path}-wal", $"{path}-shm" }) RefuseTaken(part);
    }

    private static async Task Vacuum(string database, string unfinished, CancellationToken cancellationToken)
    {
        await using var source = new SqliteConnection(LedgerTransfer.Address(database, SqliteOpenMode.ReadWrite));
        await source.OpenAsync(cancellationToken);
        SqliteDurability.Apply(source);
        await using var copy = source.CreateCommand();
        copy.CommandText = "VACUUM INTO $to";
        copy.Parameters.AddWithValue("$to", unfinished);
        await copy.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<BackupSummary> Finish(string unfinished, string destination, CancellationToken cancellationToken)
    {
        var summary = await Verify(unfinished, cancellationToken);
        using (var file = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file); // SQLite leaves that to us
        File.Move(unfinished, destination, overwrite: false);
        return summary;
    }

    private static async Task<BackupSummary> Verify(LedgerDbContext database, CancellationToken cancellationToken)
    {
        var head = await database.Head.AsNoTracking().SingleAsync(cancellationToken);
        var (frontier, newest) = (Frontier.Empty, (byte[]?)null);
        await foreach (var leaf in database.Leaves.AsNoTracking().OrderBy(l => l.Index).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (leaf.Index != frontier.Size) throw LedgerDamagedException.Because($"leaf {frontier.Size} is missing");
            (frontier, newest) = (frontier.Append([MerkleHash.Leaf(leaf.Data)]).Frontier, leaf.Data);
        }
        if (frontier.Size != head.Size || frontier.Root != head.Root)
            throw LedgerDamagedException.Because($"its {frontier.Size} leaves have the root {frontier.Root}, its head says {head.Size} and {head.Root}");
        return new BackupSummary(head.Size, head.Root, newest is null ? null : Leaf.Decode(newest).At);
    }

    private static void Existing(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no ledger at '{path}'. Check the path.", path);
    }

    private static void RefuseTaken(string path)
    {
        if (File.Exists(path)) throw new IOException($"'{path}' exists already and is not overwritten. Move it away, or name another file.");
    }
}

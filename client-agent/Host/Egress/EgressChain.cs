using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Agent.Egress;

/// <summary>What reading the egress ledger to its end gives.</summary>
/// <param name="Count">Entries that are chained without a gap.</param>
/// <param name="Last">SHA-256 of the last good line; zeros when there is none.</param>
/// <param name="Torn">All bytes after the last good line: what a crash or a full disk cut short. The next entry closes them by their digest.</param>
/// <param name="Ended">Whether the file ends with a newline, or is empty.</param>
/// <param name="Fault">What is wrong with the chain; null for a sound one, torn or not.</param>
public sealed record EgressChain(long Count, Digest Last, ReadOnlyMemory<byte> Torn, bool Ended, string? Fault)
{
    private const int LongestLine = 64 * 1024;

    /// <summary>Follows the chain line by line.</summary>
    public static EgressChain Follow(Stream ledger, Action<EgressEntry>? each)
    {
        var (count, last, number, allEnded) = (0L, default(Digest), 0L, true);
        List<byte> torn = [];
        foreach (var (line, ended) in Lines(ledger))
        {
            number++;
            allEnded = ended;
            var entry = EgressEntry.Read(line);
            if (entry is null)
            {
                if (number > 1 && torn.Count > 0) torn.Add((byte)'\n');
                torn.AddRange(line.Span);
                continue;
            }
            if (torn.Count > 0 && (entry.Kind != EgressEntry.TornLine || entry.Body != Digest.Of(torn.ToArray())))
                return new EgressChain(count, last, default, true, $"Line {number - 1} is not an entry, and no entry closes it as torn.");
            if (entry.Previous != last || entry.Index != count)
                return new EgressChain(count, last, default, true, $"Line {number} does not follow the line before it: a line was changed, removed or put in.");
            torn.Clear();
            each?.Invoke(entry);
            (count, last) = (count + 1, Digest.Of(line.Span));
        }
        return new EgressChain(count, last, torn.ToArray(), allEnded, null);
    }

    private static IEnumerable<(ReadOnlyMemory<byte> Line, bool Ended)> Lines(Stream ledger)
    {
        var reader = new BufferedStream(ledger, 64 * 1024);
        var line = new MemoryStream();
        for (int next; (next = reader.ReadByte()) >= 0;)
        {
            if (next == '\n')
            {
                yield return (line.ToArray(), true);
                line.SetLength(0);
            }
            else if (line.Length < LongestLine)
            {
                line.WriteByte((byte)next);
            }
        }
        if (line.Length > 0) yield return (line.ToArray(), false);
    }
}

using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Where a page of leaves ends so that the message stays below its limit: leaves differ in size a thousandfold.</summary>
internal static class PageCut
{
    private const int Bytes = WireLimits.MessageBytes / 2; // the other half is for proofs

    /// <summary>How many of the leaves go into one page; at least one, where there is one.</summary>
    public static int Fitting(IEnumerable<byte[]> leaves)
    {
        var (count, total) = (0, 0L);
        foreach (var leaf in leaves)
        {
            total += leaf.Length;
            if (count > 0 && total > Bytes) break;
            count++;
        }
        return count;
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Lineage.Verification;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>What an audit found.</summary>
/// <param name="Verdict">Of the log as a log.</param>
/// <param name="Unlawful">Leaves that the laws do not allow.</param>
internal sealed record LedgerFindings(LedgerVerdict Verdict, ImmutableArray<UnlawfulLeaf> Unlawful)
{
    public bool Verified => Verdict is LedgerVerdict.Verified && Unlawful.IsEmpty;

    /// <summary>Every fault, with the leaf's index.</summary>
    public IEnumerable<string> Faults => Unlawful.Select(f => $"leaf {f.Index} ({f.Stream}): {f.Reason}")
        .Concat(Verdict is LedgerVerdict.Broken broken ? [$"leaf {broken.Index}: {broken.Reason}"] : []);

    /// <summary>What was checked, or what is wrong, for people.</summary>
    public IEnumerable<string> Lines()
    {
        if (Verdict is LedgerVerdict.Verified sound)
        {
            yield return $"{sound.Size} leaves in {sound.Streams} streams, root {sound.Root}";
            yield return $"{sound.Statements} statements of sites bear the signature of the identity they enrolled with";
            foreach (var step in sound.ClockSteps) yield return $"note: at leaf {step.Index} the coordinator's clock ran back by {step.Back}";
        }
        foreach (var fault in Faults) yield return fault;
        yield return Verified
            ? "verified: the tree, the checkpoint under the pinned key, every signature, every law"
            : "NOT verified";
    }

    /// <summary>The same as one line of JSON.</summary>
    public string ToJson() => new JsonObject
    {
        ["verified"] = Verified,
        ["size"] = Verdict switch { LedgerVerdict.Verified v => v.Size, LedgerVerdict.Broken b => b.Index, _ => 0 },
        ["rootHash"] = (Verdict as LedgerVerdict.Verified)?.Root.ToString(),
        ["statements"] = (Verdict as LedgerVerdict.Verified)?.Statements,
        ["faults"] = new JsonArray([.. Faults.Select(f => JsonValue.Create(f))]),
    }.ToJsonString(new JsonSerializerOptions());
}

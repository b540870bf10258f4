using System.Globalization;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>How the agent tells a person or a program what it does, on standard output: one line a thing.</summary>
/// <param name="to">Where the lines go.</param>
/// <param name="asJson">One JSON object a line, or one sentence a line.</param>
/// <param name="clock">The time.</param>
public sealed class ProgressFeed(TextWriter to, bool asJson, TimeProvider clock)
{
    private readonly Lock _one = new();

    /// <summary>A thing without a number.</summary>
    public void Tell(string kind, string sentence, StudyId? study = null, int? round = null, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        string line;
        if (asJson)
        {
            var o = new JsonObject { ["at"] = LedgerTime.Text(clock.GetUtcNow()), ["kind"] = kind };
            if (study is { } s) o["study"] = s.Value;
            if (round is { } r) o["round"] = r;
            foreach (var (name, value) in more) o[name] = value;
            line = o.ToJsonString();
        }
        else
        {
            if (sentence.Length == 0) return;   // steps and bytes are for programs
            line = study is null ? sentence : string.Create(CultureInfo.InvariantCulture, $"{study}{(round is null ? "" : $", round {round}")}: {sentence}");
        }
        lock (_one)
        {
            to.WriteLine(line);
            to.Flush();
        }
    }
}

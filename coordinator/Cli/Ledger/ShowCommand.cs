using System.CommandLine;
using System.Text;
using DeepSeek.Federated.Lineage.Leaves;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>`dsfed ledger show`: what happened, a leaf a line. It reads and does not verify.</summary>
internal static class ShowCommand
{
    private const int LongestBody = 200;

    public static Command Make(OperatorAction action)
    {
        var stream = new Option<string?>("--stream") { Description = "Only this stream, such as federation, site/NAME, study/NAME or round/STUDY/N", HelpName = "STREAM" };
        var json = new Option<bool>("--json") { Description = "Print the leaves themselves, byte for byte" };
        var command = new Command("show", "Show the ledger's leaves") { stream, json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var index = 0L;
            await foreach (var bytes in new LedgerSource.Remote(session).Leaves(cancellationToken))
            {
                var at = index++;
                var leaf = Leaf.Decode(bytes);
                if (parsed.GetValue(stream) is { } only && leaf.Stream != only) continue;
                session.Shell.Out.WriteLine(parsed.GetValue(json) ? Encoding.UTF8.GetString(bytes.Span) : Line(at, leaf));
            }
            return ExitCodes.Done;
        }));
        return command;
    }

    internal static string Line(long index, Leaf leaf)
    {
        var body = Encoding.UTF8.GetString(leaf.Body.AsSpan());
        if (body.Length > LongestBody) body = body[..LongestBody] + "...";
        return $"{index,6} {leaf.At:u} {leaf.Actor,-20} {leaf.Stream,-24} {leaf.Type,-20} {body}";
    }
}

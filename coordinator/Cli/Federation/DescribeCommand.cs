using System.CommandLine;
using DeepSeek.Federated.Protocol.V1;
using Spectre.Console;

namespace DeepSeek.Federated.Cli.Federation;

/// <summary>`dsfed describe`: which federation this is, its ledger's head, what the coordinator uses.</summary>
internal static class DescribeCommand
{
    public static Command Make(OperatorAction action)
    {
        var json = Json.Option();
        var command = new Command("describe", "Describe the federation and its coordinator") { json };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var reply = await session.Operators.DescribeAsync(new DescribeRequest(), cancellationToken: cancellationToken);
            if (parsed.GetValue(json)) session.Shell.Out.WriteLine(Json.Line(reply));
            else session.Shell.Screen.Write(Grid(reply, session.Link.Profile.Url));
            if (reply.LedgerKey == session.Link.Profile.LedgerKey.ToString()) return ExitCodes.Done;
            return session.Shell.Say(ExitCodes.Refused, "The coordinator names another ledger key than the profile pins. Ask the federation's admin which is right.");
        }));
        return command;
    }

    private static Grid Grid(DescribeReply reply, Uri url)
    {
        var grid = new Grid().AddColumns(2);
        void Row(string name, string value) => grid.AddRow(name, Markup.Escape(value));
        Row("federation", reply.Federation);
        Row("coordinator", $"{url} ({reply.Software})");
        Row("started", $"{DateTimeOffset.FromUnixTimeMilliseconds(reply.StartedUnixMs):u}");
        Row("ledger key", reply.LedgerKey);
        Row("ledger", $"{reply.LedgerSize} leaves, root {reply.LedgerRoot}");
        Row("cpu", $"{reply.CpuSeconds:0.0} s");
        Row("peak memory", $"{reply.PeakRssBytes / 1048576.0:0} MB");
        return grid;
    }
}

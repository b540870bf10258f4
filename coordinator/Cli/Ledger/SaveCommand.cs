using System.CommandLine;

namespace DeepSeek.Federated.Cli.Ledger;

/// <summary>`dsfed ledger save FILE`: the leaves, one a line, then the signed checkpoint: all that `verify --from-file` needs, and grep as well.</summary>
internal static class SaveCommand
{
    public static Command Make(OperatorAction action)
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; never over another file" };
        var command = new Command("save", "Write the whole ledger into a file that can be verified anywhere") { file };
        command.SetAction(action.Connected(async (parsed, session, cancellationToken) =>
        {
            var path = session.Shell.PathOf(parsed.GetValue(file)!);
            var source = new LedgerSource.Remote(session);
            var count = 0L;
            await using (var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            {
                await foreach (var leaf in source.Leaves(cancellationToken))
                {
                    await to.WriteAsync(leaf, cancellationToken);
                    to.WriteByte((byte)'\n');
                    count++;
                }
                to.WriteByte((byte)'\n');
                await to.WriteAsync(source.Checkpoint, cancellationToken);
            }
            session.Shell.Out.WriteLine($"{count} leaves are in {path}. To verify them: dsfed ledger verify --from-file {path}");
            return ExitCodes.Done;
        }));
        return command;
    }
}

using System.CommandLine;
using DeepSeek.Federated.Cli.Connection;
using Grpc.Core;

namespace DeepSeek.Federated.Cli;

/// <summary>How every command runs: open the profile, connect, do it, and turn what failed into a sentence and an exit code.</summary>
internal sealed class OperatorAction(Shell shell)
{
    private static readonly TimeSpan Warning = TimeSpan.FromDays(30);

    public Shell Shell => shell;

    /// <summary>The profile's folder: option, environment, default.</summary>
    public Option<string> Profile { get; } = new("--profile")
    {
        Description = "Folder of the operator's profile [env: DSFED_PROFILE; default: ./federation/operator]",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>The folder that this call means.</summary>
    public string FolderOf(ParseResult parsed) =>
        shell.PathOf(parsed.GetValue(Profile) ?? shell.Environment("DSFED_PROFILE") ?? Path.Combine("federation", "operator"));

    /// <summary>An action that needs the coordinator.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Connected(Func<ParseResult, Session, CancellationToken, Task<int>> act) => Local(async (parsed, cancellationToken) =>
    {
        var profile = OperatorProfile.Read(FolderOf(parsed));
        try
        {
            using var link = new CoordinatorLink(profile);
            WarnOfExpiry(link.NotAfter);
            return await act(parsed, new Session(shell, link), cancellationToken);
        }
        catch (Exception failure) when (LinkFailure.Knows(failure) && !cancellationToken.IsCancellationRequested)
        {
            var (code, sentence) = LinkFailure.Explain(failure, profile.Url);
            return shell.Say(code, sentence);
        }
    });

    // On standard error, so that no script that reads the answer is disturbed.
    private void WarnOfExpiry(DateTimeOffset notAfter)
    {
        var left = notAfter - shell.Clock.GetUtcNow();
        if (left >= Warning) return;
        shell.Error.WriteLine(left > TimeSpan.Zero
            ? $"warning: this profile's certificate expires on {notAfter:u}, in less than {Math.Ceiling(left.TotalDays):0} days. Renew it while it is good: dsfed operator renew"
            : $"warning: this profile's certificate expired on {notAfter:u}. Ask an admin for `dsfed operator admit`; the last admin is admitted at the coordinator's own machine: coordinator operator admit");
    }

    /// <summary>An action that needs no coordinator.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Local(Func<ParseResult, CancellationToken, Task<int>> act) => async (parsed, cancellationToken) =>
    {
        try
        {
            return await act(parsed, cancellationToken);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or RpcException && cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (ProfileException unusable)
        {
            return shell.Say(ExitCodes.WrongUsage, unusable.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return shell.Say(ExitCodes.WrongUsage, unreadable.Message);
        }
    };
}

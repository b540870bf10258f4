using System.CommandLine;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Commands;

/// <summary>How every command runs: find the site's folder, do it, and turn what failed into a sentence and an exit code.</summary>
internal sealed class SiteAction(Shell shell)
{
    public Shell Shell => shell;

    public Option<string> Directory { get; } = new("--dir")
    {
        Description = $"The site's folder [env: {SiteDirectory.Variable}; default: ./site]",
        HelpName = "DIR",
        Recursive = true,
    };

    public SiteDirectory FolderOf(ParseResult parsed) =>
        new(shell.PathOf(parsed.GetValue(Directory) ?? shell.Environment(SiteDirectory.Variable) ?? "site"));

    public Func<ParseResult, CancellationToken, Task<int>> Do(Func<ParseResult, SiteDirectory, CancellationToken, Task<int>> act) => async (parsed, cancellationToken) =>
    {
        try
        {
            return await act(parsed, FolderOf(parsed), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (LedgerDivergedException diverged)
        {
            return shell.Say(ExitCodes.Refused, diverged.Message);
        }
        catch (UnreachableCoordinatorException unreachable)
        {
            return shell.Say(ExitCodes.Unreachable, unreachable.Message);
        }
        catch (SiteFaultException fault)
        {
            return shell.Say(ExitCodes.WrongUsage, fault.Message);
        }
        catch (Exception failure) when (Trouble.Of(failure, null) is { } trouble)
        {
            return shell.Say(trouble is Trouble.Passing ? ExitCodes.Unreachable : ExitCodes.Refused, trouble.Sentence);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return shell.Say(ExitCodes.WrongUsage, unreadable.Message);
        }
    };

    public Func<ParseResult, CancellationToken, Task<int>> Do(Func<ParseResult, SiteDirectory, int> act) =>
        Do((parsed, directory, _) => Task.FromResult(act(parsed, directory)));

    /// <summary>The name of a study on the command line.</summary>
    public static Argument<string> Study()
    {
        var argument = new Argument<string>("STUDY") { Description = "The study's name" };
        argument.Validators.Add(found =>
        {
            if (!Slug.Is(found.Tokens[0].Value)) found.AddError($"'{found.Tokens[0].Value}' is not a study name: {Slug.Rule}.");
        });
        return argument;
    }
}

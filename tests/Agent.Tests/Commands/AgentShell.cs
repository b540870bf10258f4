using DeepSeek.Federated.Agent.Commands;
using DeepSeek.Federated.Agent.Store;
using Spectre.Console;

namespace DeepSeek.Federated.Agent.Tests.Commands;

/// <summary>The program in this process: which folder it finds, what it answers and what it tells people.</summary>
internal sealed class AgentShell
{
    private readonly StringWriter _out = new(), _error = new();
    private readonly Shell _shell;

    public AgentShell(string folder, TimeProvider? clock = null)
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(_out),
        });
        screen.Profile.Width = 200;
        _shell = new Shell(screen, _out, _error, clock ?? TimeProvider.System, Path.GetDirectoryName(folder)!, name => name == SiteDirectory.Variable ? folder : null);
    }

    /// <summary>The answer to the last command.</summary>
    public string Out => _out.ToString();

    /// <summary>What was said about it.</summary>
    public string Error => _error.ToString();

    public Task<int> Run(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return Program.Run(arguments, _shell, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a command that must end with this code and say this, as its answer or about it.</summary>
    public async Task Ends(int code, string saying, params string[] arguments)
    {
        var ended = await Run(arguments);
        Assert.True(ended == code, $"agent {string.Join(' ', arguments)} ended with {ended}, not {code}:\n{Out}\n{Error}");
        Assert.Contains(saying, Out + Error, StringComparison.Ordinal);
    }
}

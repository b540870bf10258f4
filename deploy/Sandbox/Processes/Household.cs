using System.Collections.Concurrent;
using DeepSeek.Federated.Sandbox.Report;

namespace DeepSeek.Federated.Sandbox.Processes;

/// <summary>Every process of one sandbox: what starts here ends here.</summary>
internal sealed class Household(string logFolder) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, Child> _running = new();
    private readonly TaskCompletionSource<Child> _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ending;
    private int _calls;

    /// <summary>Ends with the first process that died before its time.</summary>
    public Task<Child> Death => _death.Task;

    /// <summary>Starts a program that stays.</summary>
    public Child Start(string name, Executable program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Action<string>? onLine)
    {
        var child = Child.Start(name, program, arguments, environment, logFolder, onLine, logsOutput: true);
        _running[name] = child;
        _ = Watch(child);
        return child;
    }

    /// <summary>Runs a program to its end and gives its standard output.</summary>
    /// <exception cref="SandboxFault">It ended with another exit code than 0.</exception>
    public async Task<string> Call(Executable program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        await TryCall(program, arguments, environment, null, cancellationToken) switch
        {
            (0, var output, _)        => output,
            (_, _, var obituary) => throw new SandboxFault($"{program.Name} {string.Join(' ', arguments.Take(2))} failed. {obituary}"),
        };

    /// <summary>The same, where another exit code is an answer.</summary>
    public async Task<(int Code, string Output, string Obituary)> TryCall(
        Executable program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var lines = new ConcurrentQueue<string>();
        await using var child = Child.Start(
            $"{program.Name}-{Interlocked.Increment(ref _calls):000}", program, arguments, environment, logFolder, line =>
            {
                lines.Enqueue(line);
                onLine?.Invoke(line);
            },
            logsOutput: false);
        var code = await child.Exited.WaitAsync(cancellationToken);
        return (code, string.Join('\n', lines), child.Obituary());
    }

    /// <summary>What a running process has used so far.</summary>
    public ProcessView Used(string name) => _running[name].Used();

    /// <summary>How the processes that are left running can be ended.</summary>
    public IEnumerable<string> HowToEnd() => [$"To end all: kill {string.Join(' ', _running.Values.Select(c => c.Id))}"];

    /// <summary>Ends everything: the agents, then the coordinator, so that nobody has to knock at a closed door.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending = true;
        await Task.WhenAll(_running.Values.Where(c => c.Name != "coordinator").Select(c => c.End(Patience)));
        await Task.WhenAll(_running.Values.Select(c => c.End(Patience)));
        foreach (var child in _running.Values) await child.DisposeAsync();
    }

    private async Task Watch(Child child)
    {
        await child.Exited;
        if (!_ending) _death.TrySetResult(child);
    }
}

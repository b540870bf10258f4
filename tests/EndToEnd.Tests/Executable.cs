using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Threading.Channels;

namespace DeepSeek.Federated.EndToEnd.Tests;

/// <summary>One process that a test started: its lines as they come, its end, and a hard kill.</summary>
internal sealed class Executable : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _all = new();
    private readonly string _name;

    private Executable(string name, Process process)
    {
        (_name, _process) = (name, process);
        process.OutputDataReceived += (_, e) => Take(e.Data, "");
        process.ErrorDataReceived += (_, e) => Take(e.Data, "! ");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts one of the three: coordinator, dsfed or agent.</summary>
    public static Executable Start(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var project = name switch { "coordinator" => "Coordinator", "dsfed" => "Cli", "agent" => "Agent", _ => throw new ArgumentException(name) };
        var start = new ProcessStartInfo(Path.Combine(Metadata("Outputs"), project, Metadata("Configuration"), name), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_TieredCompilation"] = "1";   // the coordinator trades its start for memory; a test starts it twice and looks at no memory
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return new Executable(name, Process.Start(start)!);
    }

    /// <summary>Runs to the end; stdout of a command that must succeed.</summary>
    public static async Task<string> Run(string name, params string[] arguments)
    {
        var (code, output, errors) = await Try(name, arguments);
        Assert.True(code == 0, $"{name} {string.Join(' ', arguments)} ended with {code}:\n{output}\n{errors}");
        return output;
    }

    /// <summary>Runs to the end, whatever it says.</summary>
    public static async Task<(int Code, string Output, string Errors)> Try(string name, params string[] arguments)
    {
        await using var run = Start(name, arguments);
        run._process.StandardInput.Close();
        var code = await run.Exit();
        return (code, run.Text(errors: false), run.Text(errors: true));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All lines so far; those of stderr begin with "! ".</summary>
    public IReadOnlyCollection<string> Lines => _all;

    /// <summary>The next line, new or not yet looked at, for which <paramref name="wanted"/> holds.</summary>
    public async Task<string> Line(Func<string, bool> wanted, TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(late.Token))
                if (wanted(line)) return line;
            throw new InvalidOperationException($"{_name} ended without the line that was waited for:\n{string.Join('\n', _all)}");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not print the line that was waited for:\n{string.Join('\n', _all)}");
        }
    }

    /// <summary>Waits for the end; the exit code (137 after SIGKILL).</summary>
    public async Task<int> Exit()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not end:\n{string.Join('\n', _all)}");
        }
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, as a power cut would.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await Exit();
    }

    /// <summary>Sends a signal by its name, such as STOP, CONT or TERM.</summary>
    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Signal("CONT");
        await Kill();
        _process.Dispose();
    }

    private string Text(bool errors) =>
        string.Join('\n', _all.Where(l => l.StartsWith("! ", StringComparison.Ordinal) == errors).Select(l => errors ? l[2..] : l));

    private void Take(string? line, string mark)
    {
        if (line is null)
        {
            if (mark.Length == 0) _lines.Writer.TryComplete();
            return;
        }
        _all.Enqueue(mark + line);
        _lines.Writer.TryWrite(mark + line);
    }

    public static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}

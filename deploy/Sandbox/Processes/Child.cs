using System.Diagnostics;
using DeepSeek.Federated.Sandbox.Report;

namespace DeepSeek.Federated.Sandbox.Processes;

/// <summary>A process of the sandbox: its output goes to a log file, the last lines of its errors are kept, and it is ended by its own id only.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int KeptLines = 12;
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _lastErrors = new();
    private readonly Lock _writing = new();

    private Child(string name, string logPath, Process process)
    {
        (Name, LogPath, _process) = (name, logPath, process);
        _log = new StreamWriter(new FileStream(logPath, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public string Name { get; }

    public string LogPath { get; }

    public int Id { get; private set; }

    /// <summary>Ends when the process has, with its exit code, all output read.</summary>
    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    /// <summary>Starts <paramref name="program"/>; <paramref name="onLine"/> sees every line of its standard output, which is an answer and may be a
    /// secret (a token): only what talks all the time <paramref name="logsOutput"/>.</summary>
    public static Child Start(
        string name, Executable program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFolder, Action<string>? onLine,
        bool logsOutput)
    {
        var start = new ProcessStartInfo(Executables.Host) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])[program.Path, .. arguments]) start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var child = new Child(name, System.IO.Path.Combine(logFolder, $"{name}.log"), new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Take(line.Data, logsOutput, error: false, onLine);
        child._process.ErrorDataReceived += (_, line) => child.Take(line.Data, logs: true, error: true, null);
        child._process.Start();
        child.Id = child._process.Id;
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        child.Exited = child.WaitForExit();
        return child;
    }

    /// <summary>What it has used so far; its peak of memory is VmHWM where there is a /proc.</summary>
    public ProcessView Used()
    {
        _process.Refresh();
        return new ProcessView(_process.TotalProcessorTime.TotalSeconds, _process.PeakWorkingSet64);
    }

    /// <summary>What to tell people when it died.</summary>
    public string Obituary()
    {
        lock (_writing)
        {
            var said = _lastErrors.Count == 0 ? "It said nothing." : $"Its last words:\n  {string.Join("\n  ", _lastErrors)}";
            return $"'{Name}' ended with exit code {(Exited.IsCompletedSuccessfully ? Exited.Result : -1)}. {said}\nIts log: {LogPath}";
        }
    }

    /// <summary>Asks it to end, and kills it when it does not within <paramref name="patience"/>.</summary>
    public async Task End(TimeSpan patience)
    {
        if (!Exited.IsCompleted && Signals.AskToEnd(_process))
        {
            try
            {
                await Exited.WaitAsync(patience, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                // Killed below.
            }
        }
        if (!Exited.IsCompleted) _process.Kill(entireProcessTree: false);
        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await End(TimeSpan.Zero);
        _process.Dispose();
        lock (_writing) _log.Dispose();
    }

    private async Task<int> WaitForExit()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode;
    }

    private void Take(string? line, bool logs, bool error, Action<string>? onLine)
    {
        if (line is null) return;
        lock (_writing)
        {
            if (logs && _log.BaseStream is { CanWrite: true }) _log.WriteLine(line);
            if (error)
            {
                _lastErrors.Enqueue(line);
                while (_lastErrors.Count > KeptLines) _lastErrors.Dequeue();
            }
        }
        onLine?.Invoke(line);
    }
}

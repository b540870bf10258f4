using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DeepSeek.Federated.Sandbox.Processes;

/// <summary>Asks one process, by its own id, to end: SIGTERM where there are signals.</summary>
internal static class Signals
{
    private const int Term = 15;

    /// <summary>False where it cannot be asked and must be killed.</summary>
    public static bool AskToEnd(Process process)
    {
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            return !process.HasExited && Kill(process.Id, Term) == 0;
        }
        catch (InvalidOperationException)
        {
            return false;   // ended in between
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

using System.Globalization;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>One agent a folder: held as an open file, so that a killed process lets go of it. Readers see the process id.</summary>
public sealed class SiteLock : IDisposable
{
    private readonly FileStream _file;

    private SiteLock(FileStream file) => _file = file;

    /// <exception cref="SiteFaultException">Another agent runs on this folder.</exception>
    public static SiteLock Take(SiteDirectory directory)
    {
        directory.Create();
        try
        {
            var file = new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush(flushToDisk: true);
            return new SiteLock(file);
        }
        catch (IOException taken) when (IsHeld(directory))
        {
            throw new SiteFaultException($"An agent already runs on '{directory.Root}'. Stop it first: agent stop --dir '{directory.Root}'", taken);
        }
    }

    /// <summary>Whether an agent runs on the folder now.</summary>
    public static bool IsHeld(SiteDirectory directory)
    {
        if (!File.Exists(directory.Lock)) return false;
        try
        {
            using var probe = new FileStream(directory.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();
}

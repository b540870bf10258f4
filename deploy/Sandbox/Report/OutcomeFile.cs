namespace DeepSeek.Federated.Sandbox.Report;

/// <summary>Where `--json` goes: known to be writable before anything is started.</summary>
internal static class OutcomeFile
{
    /// <exception cref="SandboxFault">Nothing can be written there.</exception>
    public static void Require(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new SandboxFault($"--json {path}: there is no such folder. Make it, or name a file in another one.");
        Try(path, () =>
        {
            var isNew = !File.Exists(path);
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write)) { }
            if (isNew) File.Delete(path);
        });
    }

    /// <exception cref="SandboxFault">It could not be written after all.</exception>
    public static void Write(string path, Outcome outcome) => Try(path, () => File.WriteAllText(path, OutcomeJson.Write(outcome)));

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new SandboxFault($"--json {path}: {broken.Message}");
        }
    }
}

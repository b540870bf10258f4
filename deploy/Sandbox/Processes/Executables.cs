using System.Runtime.InteropServices;

namespace DeepSeek.Federated.Sandbox.Processes;

/// <summary>Where the real programs lie: built with the sandbox, in the same configuration, beside it in the output tree wherever that is.</summary>
internal static class Executables
{
    public static readonly Executable Coordinator = new("coordinator", "Coordinator");
    public static readonly Executable Agent = new("agent", "Agent");
    public static readonly Executable Dsfed = new("dsfed", "Cli");

    /// <summary>The `dotnet` that runs this very process: another one on the PATH may lack the runtime.</summary>
    public static string Host
    {
        get
        {
            var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            return File.Exists(host) ? host : "dotnet";
        }
    }
}

/// <summary>One of the three programs.</summary>
/// <param name="Name">Its assembly.</param>
/// <param name="Project">Its project: the folder under <c>bin</c> in the output tree.</param>
internal sealed record Executable(string Name, string Project)
{
    /// <exception cref="SandboxFault">It was not built.</exception>
    public string Path
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
            var path = System.IO.Path.Combine(own.Parent!.Parent!.FullName, Project, own.Name, $"{Name}.dll");
            return File.Exists(path)
                ? path
                : throw new SandboxFault($"'{path}' is missing. Build the sandbox whole: dotnet build -c {own.Name} deploy/Sandbox");
        }
    }
}

using DeepSeek.Federated.Sandbox.Processes;

namespace DeepSeek.Federated.Sandbox.Setup;

/// <summary>Where everything of one sandbox lies: one folder that only its owner can open.</summary>
internal sealed class Place
{
    public Place(string root)
    {
        Root = root;
        foreach (var folder in (string[])[Logs, Tables, Sites]) Directory.CreateDirectory(folder);
    }

    /// <summary>A new folder among the temporary ones.</summary>
    public static Place Temporary() => new(Directory.CreateTempSubdirectory("dsfed-sandbox-").FullName);

    public string Root { get; }

    public string Federation => Path.Combine(Root, "federation");

    public string Profile => Path.Combine(Federation, "operator");

    public string Logs => Path.Combine(Root, "logs");

    public string Tables => Path.Combine(Root, "data");

    public string Sites => Path.Combine(Root, "sites");

    public string Manifest => Path.Combine(Root, "study.yaml");

    /// <summary>Every site's name and public key, a line each: what stewards tell each other.</summary>
    public string Identities => Path.Combine(Root, "identities.txt");

    public string Site(string site) => Path.Combine(Sites, site);

    /// <summary>What the programs are told by their environment.</summary>
    public Dictionary<string, string> Environment(string? site) => new()
    {
        ["FEDERATED_DIR"] = Federation,
        ["DSFED_PROFILE"] = Profile,
        ["FEDERATED_SITE_DIR"] = site is null ? Sites : Site(site),
        ["NO_COLOR"] = "1",
        // These processes live for seconds: compiling twice to be faster later costs more than it gives.
        ["DOTNET_TieredPGO"] = "0",
        // Loopback is no place for a proxy, whatever this machine's environment says.
        ["HTTPS_PROXY"] = "",
        ["https_proxy"] = "",
        ["ALL_PROXY"] = "",
        ["all_proxy"] = "",
    };

    /// <summary>How to look at what was kept.</summary>
    public IEnumerable<string> HowToLook(string firstSite) =>
    [
        $"Everything runs on and lies in {Root}. To look:",
        $"  export DSFED_PROFILE={Profile} FEDERATED_SITE_DIR={Site(firstSite)}",
        $"  {Command(Executables.Dsfed)} study list",
        $"  {Command(Executables.Dsfed)} ledger show",
        $"  {Command(Executables.Agent)} egress list",
    ];

    public void Remove() => Directory.Delete(Root, recursive: true);

    private static string Command(Executable program) => $"{Executables.Host} {program.Path}";
}

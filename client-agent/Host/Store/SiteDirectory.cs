using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Agent.Store;

/// <summary>The one folder that is a site: every path of it, and nothing else.</summary>
public sealed class SiteDirectory(string root)
{
    /// <summary>Environment variable that names the folder where <c>--dir</c> does not.</summary>
    public const string Variable = "FEDERATED_SITE_DIR";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Root { get; } = Path.GetFullPath(root);
    public string Settings => At("site.json");
    public string Identity => At("identity.key");
    public string Connection => At("connection.pem");
    public string Authority => At("ca.pem");
    public string Bookmark => At("ledger.json");
    public string Journal => At("journal");
    public string Policy => At("policy.yaml");
    public string Data => At("data.yaml");
    public string Roster => At("roster.json");
    public string Seed => At("seed");
    public string EnrolmentRequest => At("enrolment.json");
    public string RenewalRequest => At("renewal.json");
    public string Egress => At("egress");
    public string Control => At("control");
    public string Lock => Path.Combine(Control, "lock");
    public string Status => Path.Combine(Control, "status.json");
    public string StopRequest => Path.Combine(Control, "stop");
    public string Studies => At("studies");

    public bool IsEnrolled => File.Exists(Settings);

    public string Study(StudyId study) => Path.Combine(Studies, study.Value);

    public string StudyJournal(StudyId study) => Path.Combine(Study(study), "journal");

    /// <summary>The studies that have a folder, sorted.</summary>
    public IEnumerable<StudyId> KnownStudies() =>
        Directory.Exists(Studies)
            ? Directory.EnumerateDirectories(Studies).Select(Path.GetFileName).Where(Slug.Is).Select(name => new StudyId(name!)).Order()
            : [];

    /// <summary>Makes the folder, readable by its owner only: keys and a site's training state lie in it.</summary>
    public void Create()
    {
        MakeFolder(Root);
        // It may have been made by hand, open to everybody.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Root, OwnerOnly);
        MakeFolder(Control);
    }

    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    private string At(string name) => Path.Combine(Root, name);
}

using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Who takes part in a study and where their rows come from.</summary>
internal abstract record Population
{
    private Population() { }

    /// <summary>Sites that one sandbox can hold.</summary>
    public const int MostSites = 16;

    /// <summary>Sites that take part when nobody says how many.</summary>
    public const int UsualSites = 4;

    /// <summary>Hospitals with tables of patients.</summary>
    public sealed record Hospitals : Population;

    /// <summary>Sites with images of digits, each with a mix of its own.</summary>
    public sealed record DigitSites : Population;

    /// <summary>Whom a study is for: its dataset's name says so.</summary>
    public static Population Of(StudyManifest manifest) => manifest.Dataset.Name == "digits" ? new DigitSites() : new Hospitals();

    /// <summary>What one row is called.</summary>
    public string Rows => this is DigitSites ? "images" : "patients";

    /// <summary>All names, the usual ones first.</summary>
    public IReadOnlyList<string> Known(bool synthetic) => this switch
    {
        DigitSites             => DigitMix.Sites(MostSites),
        Hospitals when synthetic => [.. HospitalProfile.First(MostSites).Select(h => h.Name)],
        _                      => RealHeart.Sites,
    };

    /// <summary>Writes the rows of the sites named: synthetic, or from the folder <paramref name="data"/>.</summary>
    /// <exception cref="SandboxFault">A real file is missing or not what it must be.</exception>
    public IReadOnlyList<SiteTable> Write(string folder, string? data, IReadOnlyList<string> names, long seed) => (this, data) switch
    {
        (DigitSites, null) => SyntheticDigits.Write(folder, names, seed),
        (DigitSites, _)    => RealDigits.Write(folder, data, names, seed),
        (_, null)          => SyntheticHeart.Write(folder, HospitalProfile.First(MostSites).Where(h => names.Contains(h.Name)), seed),
        _                  => RealHeart.Write(folder, data, names),
    };
}

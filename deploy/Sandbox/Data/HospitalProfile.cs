namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>How the patients of one synthetic hospital differ from those of another.</summary>
/// <param name="Name">The site.</param>
/// <param name="Complete">Rows without a missing value.</param>
/// <param name="Incomplete">Further rows with one missing value.</param>
/// <param name="Prevalence">Share of patients with the disease.</param>
/// <param name="Age">Mean age; the deviation is 9 years everywhere.</param>
/// <param name="Men">Share of men.</param>
/// <param name="Cholesterol">Mean, mg/dl.</param>
/// <param name="Unmeasured">Share of rows whose cholesterol was not measured and stands as 0.</param>
/// <param name="ChestPain">Shares of typical, atypical, not anginal and no pain.</param>
/// <param name="Ecg">Shares of normal, ST-T change and hypertrophy.</param>
internal sealed record HospitalProfile(
    string Name, int Complete, int Incomplete, double Prevalence, double Age, double Men, double Cholesterol, double Unmeasured,
    IReadOnlyList<double> ChestPain, IReadOnlyList<double> Ecg)
{
    /// <summary>Four hospitals with the sizes and the differences of Cleveland, Budapest, Zürich with Basel, and Long Beach.</summary>
    public static readonly IReadOnlyList<HospitalProfile> All =
    [
        new("north", 303, 0, 0.46, 54, 0.68, 246, 0, [0.08, 0.16, 0.28, 0.48], [0.50, 0.01, 0.49]),
        new("east", 261, 33, 0.38, 48, 0.72, 250, 0, [0.04, 0.36, 0.18, 0.42], [0.80, 0.18, 0.02]),
        new("south", 46, 77, 0.93, 55, 0.92, 0, 1, [0.03, 0.03, 0.14, 0.80], [0.70, 0.24, 0.06]),
        new("west", 130, 70, 0.75, 59, 0.97, 240, 0.25, [0.04, 0.07, 0.24, 0.65], [0.40, 0.47, 0.13]),
    ];

    /// <summary>The first <paramref name="count"/> hospitals; beyond four the same kinds come again under other names.</summary>
    public static IEnumerable<HospitalProfile> First(int count) =>
        Enumerable.Range(0, count).Select(i => i < All.Count ? All[i] : All[i % All.Count] with { Name = $"{All[i % All.Count].Name}-{i / All.Count + 1}" });
}

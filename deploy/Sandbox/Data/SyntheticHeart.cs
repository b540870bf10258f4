using System.Globalization;
using System.Text;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>
/// Synthetic patients, labelled as such from the first byte of their file's name: hospitals that differ as the real ones of the UCI collection
/// do (size, age, sex, symptoms, what is not measured, and above all how many are ill), one logistic truth shared by all. Nobody's data.
/// </summary>
internal static class SyntheticHeart
{
    private const string Missing = "?";
    // Findings that real files lack: pressure, cholesterol, sugar, rate, angina (positions in a row).
    private static readonly int[] Losable = [3, 4, 5, 7, 8];

    /// <summary>Writes one file for each hospital.</summary>
    public static IReadOnlyList<SiteTable.Csv> Write(string folder, IEnumerable<HospitalProfile> hospitals, long seed)
    {
        Directory.CreateDirectory(folder);
        return [.. hospitals.Select(hospital =>
        {
            var path = Path.Combine(folder, $"synthetic-{hospital.Name}.csv");
            File.WriteAllText(path, Table(hospital, seed));
            return new SiteTable.Csv(hospital.Name, path);
        })];
    }

    /// <summary>The file of one hospital.</summary>
    public static string Table(HospitalProfile hospital, long seed)
    {
        using var dice = new Dice(seed, hospital.Name);
        var patients = Enumerable.Range(0, hospital.Complete + hospital.Incomplete).Select(_ => SyntheticPatient.Draw(hospital, dice)).ToList();
        var intercept = Intercept(patients, hospital.Prevalence);
        var csv = new StringBuilder(HeartColumns.Header).Append('\n');
        for (var i = 0; i < patients.Count; i++)
        {
            var row = Row(patients[i], ill: dice.Chance(Sigmoid(patients[i].Risk + intercept)), dice);
            // Incomplete rows are spread evenly: a contract that drops them leaves the complete ones.
            if ((i + 1) * hospital.Incomplete / patients.Count > i * hospital.Incomplete / patients.Count) row[Losable[dice.Below(Losable.Length)]] = Missing;
            csv.Append(string.Join(',', row)).Append(i % 3 == 2 ? ",test\n" : ",train\n");
        }
        return csv.ToString();
    }

    private static string[] Row(SyntheticPatient p, bool ill, Dice dice) =>
    [
        Text(p.Age), Text(p.Man), Text(p.ChestPain), Text(p.Pressure), Text(p.Cholesterol), Text(p.Sugar), Text(p.Ecg), Text(p.Rate), Text(p.Angina),
        p.Depression.ToString("0.0", CultureInfo.InvariantCulture), Text(p.Slope), Missing, Missing, Text(ill ? 1 + dice.Below(4) : 0),
    ];

    /// <summary>The hospital's own intercept: the one under which the expected share of the ill is its prevalence.</summary>
    private static double Intercept(List<SyntheticPatient> patients, double prevalence)
    {
        var (low, high) = (-40.0, 40.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            if (patients.Average(p => Sigmoid(p.Risk + middle)) < prevalence) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "1" : "0";
}

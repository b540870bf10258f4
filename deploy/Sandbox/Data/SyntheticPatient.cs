namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>Thirteen findings of a patient who does not exist, and the truth that all hospitals share.</summary>
internal sealed record SyntheticPatient(
    int Age, bool Man, int ChestPain, int Pressure, int Cholesterol, bool Sugar, int Ecg, int Rate, bool Angina, double Depression, int Slope)
{
    /// <summary>The shared truth's logit, up to a hospital's own intercept: the same weights at every hospital.</summary>
    public double Risk =>
        0.045 * (Age - 54) + (Man ? 1.3 : 0) + 0.012 * (Pressure - 130) + (Cholesterol > 0 ? 0.006 * (Cholesterol - 245) : 0.2) + (Sugar ? 0.4 : 0)
        - 0.03 * (Rate - 145) + (Angina ? 1.4 : 0) + 0.8 * Depression + (ChestPain switch { 2 => -0.7, 3 => -0.3, 4 => 1.8, _ => 0 })
        + (Ecg switch { 1 => 0.4, 2 => 0.2, _ => 0 });

    public static SyntheticPatient Draw(HospitalProfile hospital, Dice dice)
    {
        var age = (int)Math.Clamp(Math.Round(dice.Normal(hospital.Age, 9)), 28, 77);
        var pain = 1 + dice.Pick(hospital.ChestPain);
        var angina = dice.Chance(pain == 4 ? 0.5 : 0.15);
        var depression = Math.Max(0, Math.Round(dice.Normal(angina ? 1.4 : 0.5, 0.9), 1));
        return new SyntheticPatient(
            age, dice.Chance(hospital.Men), pain,
            (int)Math.Clamp(2 * Math.Round(dice.Normal(131 + 0.4 * (age - 54), 17) / 2), 90, 200),
            dice.Chance(hospital.Unmeasured) ? 0 : (int)Math.Clamp(Math.Round(dice.Normal(hospital.Cholesterol, 50)), 110, 560),
            dice.Chance(0.14), dice.Pick(hospital.Ecg),
            (int)Math.Clamp(Math.Round(dice.Normal(150 - 0.8 * (age - 54) - (angina ? 14 : 0), 20)), 70, 200),
            angina, depression, depression > 0.8 ? 2 : 1);
    }
}

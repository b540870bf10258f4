using System.Text.RegularExpressions;

namespace DeepSeek.Federated.Architecture.Tests;

public sealed partial class The_sources
{
    [Fact]
    public void stay_small()
    {
        var files = House.Sources.Where(f => !f.Path.Contains("/Migrations/", StringComparison.Ordinal) && !f.Path.Contains("/Kernels/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 50, "the house has more files than that: the search is broken");
        Assert.Empty(files.Where(f => f.Lines.Count > 400).Select(f => $"{f.Path}: {f.Lines.Count} lines"));
        Assert.Empty(files.Where(f => f.Lines.Count > 250 && !f.Lines.Any(l => l.Contains("Long because", StringComparison.Ordinal)))
            .Select(f => $"{f.Path}: {f.Lines.Count} lines and no 'Long because …' comment"));
        var sizes = files.Select(f => f.Lines.Count).Order().ToList();
        Assert.True(sizes[sizes.Count / 2] <= 120, $"the median file has {sizes[sizes.Count / 2]} lines");
    }

    [Fact]
    public void use_no_name_behind_which_no_idea_stands() =>
        Assert.Empty(
            from file in House.Sources
            from line in file.Lines
            let name = TypeName().Match(line).Groups["name"].Value
            where EmptyName().IsMatch(name)
            select $"{file.Path}: {name}");

    [Fact]
    public void hold_no_suppression_that_the_editorconfig_does_not_know() =>
        Assert.Empty(
            from file in House.Sources
            where !file.Path.Contains("/Migrations/", StringComparison.Ordinal)
            from line in file.Lines
            where line.TrimStart().StartsWith("#pragma warning", StringComparison.Ordinal) || line.Contains("#region", StringComparison.Ordinal) || line.Contains("async void", StringComparison.Ordinal)
            select $"{file.Path}: {line.Trim()}");

    [Fact]
    public void leave_no_work_for_later() =>
        Assert.Empty(
            from file in House.Sources
            from line in file.Lines
            where Later().IsMatch(line)
            select $"{file.Path}: {line.Trim()}");

    [GeneratedRegex(@"\b(class|record|record struct|struct|interface|enum) (?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();

    // STYLE: words that name nothing, and words that the table of words gives to other things.
    [GeneratedRegex(@"(Manager|Helper|Helpers|Utils|Util|Processor|Common|Impl)$|^(Network|Tenant|Client|Node|Worker|Party|Project|Job|Iteration|Gradient|Result|Master|History)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();
}

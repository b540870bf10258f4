using System.CommandLine;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Cli;

/// <summary>A site, study or operator on the command line: refused here if its name has not the form that every name of the house has.</summary>
internal static class SlugArgument
{
    public static Argument<string> Make(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(found =>
        {
            if (!Slug.Is(found.Tokens[0].Value)) found.AddError($"'{found.Tokens[0].Value}' is not a name: {Slug.Rule}.");
        });
        return argument;
    }
}

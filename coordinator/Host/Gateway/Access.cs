using System.Collections.Frozen;
using DeepSeek.Federated.Domain.Events;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Who may call a method.</summary>
internal enum Access
{
    /// <summary>Whoever reaches the port.</summary>
    Anyone,
    /// <summary>A member site.</summary>
    Site,
    /// <summary>Every operator, auditors included.</summary>
    Reader,
    /// <summary>Operators and admins.</summary>
    Operator,
    /// <summary>Admins.</summary>
    Admin,
}

/// <summary>The one table of who may call what. A method that is not in it is refused.</summary>
internal static class AccessTable
{
    private const string Package = "/deepseek.federated.v1.";

    public static FrozenDictionary<string, Access> Methods { get; } = new Dictionary<string, Access>
    {
        [Package + "Enrolment/Greet"] = Access.Anyone,
        [Package + "Enrolment/Enrol"] = Access.Anyone,
        [Package + "Agents/Watch"] = Access.Site,
        [Package + "Agents/Poll"] = Access.Site,
        [Package + "Agents/State"] = Access.Site,
        [Package + "Agents/Renew"] = Access.Site,
        [Package + "Operators/Invite"] = Access.Operator,
        [Package + "Operators/Revoke"] = Access.Operator,
        [Package + "Operators/ListSites"] = Access.Reader,
        [Package + "Operators/SubmitStudy"] = Access.Operator,
        [Package + "Operators/StopStudy"] = Access.Operator,
        [Package + "Operators/GetStudy"] = Access.Reader,
        [Package + "Operators/WatchStudy"] = Access.Reader,
        [Package + "Operators/ListStudies"] = Access.Reader,
        [Package + "Operators/ReadLedger"] = Access.Reader,
        [Package + "Operators/AdmitOperator"] = Access.Admin,
        [Package + "Operators/RevokeOperator"] = Access.Admin,
        [Package + "Operators/RenewOperator"] = Access.Reader, // nobody's certificate but the caller's own
        [Package + "Operators/ErasePrivatePart"] = Access.Admin,
        [Package + "Operators/Describe"] = Access.Reader,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Allows(this Access access, OperatorRole role) => (access, role) switch
    {
        (Access.Anyone, _)                                                                       => true,
        (Access.Site, _)                                                                         => false,
        (Access.Reader, OperatorRole.Admin or OperatorRole.Operator or OperatorRole.Auditor)     => true,
        (Access.Operator, OperatorRole.Admin or OperatorRole.Operator)                           => true,
        (Access.Operator, OperatorRole.Auditor)                                                  => false,
        (Access.Admin, OperatorRole.Admin)                                                       => true,
        (Access.Admin, OperatorRole.Operator or OperatorRole.Auditor)                            => false,
    };
}

namespace DeepSeek.Federated.Domain.Policies;

/// <summary>Why a site says no. Public, closed, and free of anything about a person.</summary>
public enum RefusalReason
{
    /// <summary>The site has no policy file, or one that cannot be read.</summary>
    NoPolicy,
    /// <summary>The policy's last day is over.</summary>
    PolicyExpired,
    /// <summary>The policy does not name the study.</summary>
    StudyNotAllowed,
    /// <summary>The steward said no.</summary>
    StewardRefused,
    /// <summary>The policy does not allow the manifest's protection.</summary>
    ProtectionNotAllowed,
    /// <summary>Fewer sites of this site's own roster take part than the policy asks for.</summary>
    TooFewParticipants,
    /// <summary>The site has fewer training rows than policy or contract ask for.</summary>
    TooFewRows,
    /// <summary>The study would take more rounds than the policy allows.</summary>
    TooManyRounds,
    /// <summary>A round would take more local steps than the policy allows.</summary>
    TooManyLocalSteps,
    /// <summary>A round would send more bytes than the policy allows.</summary>
    TooManyBytes,
    /// <summary>The study asks for a figure of this site that the policy does not disclose.</summary>
    DisclosureNotAllowed,
    /// <summary>The site has no such dataset.</summary>
    DataMissing,
    /// <summary>The site's data do not fit the dataset contract.</summary>
    DataUnfit,
    /// <summary>The manifest is not the one that was approved, or this agent cannot read it.</summary>
    ManifestUnacceptable,
    /// <summary>The base version could not be fetched or does not have its digest.</summary>
    BaseVersionUnusable,
    /// <summary>Training gave a value that is not finite.</summary>
    TrainingDiverged,
    /// <summary>The round opens something other than its manifest says.</summary>
    RoundNotAsAgreed,
    /// <summary>A finished update was lost before it was announced; a second one for the same attempt is never made.</summary>
    UpdateLost,
}

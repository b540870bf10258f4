using Grpc.Core;
using Microsoft.AspNetCore.Mvc;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Errors of the data plane (RFC 9457), with the same statuses and sentences as the control plane's.</summary>
internal static class Problems
{
    public static ProblemDetails Of(StatusCode status, string type, string sentence) => Of(Http(status), type, sentence);

    public static ProblemDetails Of(int status, string type, string sentence) =>
        new() { Type = $"urn:deepseek-federated:{type}", Title = sentence, Status = status };

    private static int Http(StatusCode status) => status switch
    {
        StatusCode.Unauthenticated                                    => StatusCodes.Status401Unauthorized,
        StatusCode.PermissionDenied                                   => StatusCodes.Status403Forbidden,
        StatusCode.NotFound                                           => StatusCodes.Status404NotFound,
        StatusCode.AlreadyExists or StatusCode.FailedPrecondition     => StatusCodes.Status409Conflict,
        StatusCode.InvalidArgument                                    => StatusCodes.Status400BadRequest,
        StatusCode.ResourceExhausted                                  => StatusCodes.Status429TooManyRequests,
        _                                                             => StatusCodes.Status500InternalServerError,
    };
}

using DeepSeek.Federated.Grains.Journals;
using DeepSeek.Federated.Storage;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Stands before every gRPC method. What is not in <see cref="AccessTable"/> is refused; what breaks behind it becomes a status that says whether to try again.</summary>
internal sealed class DoorInterceptor(Door door, ILogger<DoorInterceptor> log) : Interceptor
{
    private static readonly object CallerKey = new();

    public static Caller CallerOf(ServerCallContext context) => (Caller)context.UserState[CallerKey];

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Enter(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception broken) when (Status(broken, context) is { } status)
        {
            throw new RpcException(status);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Enter(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception broken) when (Status(broken, context) is { } status)
        {
            throw new RpcException(status);
        }
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        throw Closed(context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        throw Closed(context);

    private void Enter(ServerCallContext context)
    {
        if (!AccessTable.Methods.TryGetValue(context.Method, out var access)) throw Closed(context);
        if (access is Access.Anyone) return;
        switch (door.Enter(context.GetHttpContext().Connection.ClientCertificate, access))
        {
            case Entry.Admitted(var caller): context.UserState[CallerKey] = caller; break;
            case Entry.Turned turned: throw turned.ToRpcException();
        }
    }

    private Status? Status(Exception broken, ServerCallContext context)
    {
        switch (broken)
        {
            case RpcException: return null;
            case OperationCanceledException when context.CancellationToken.IsCancellationRequested: return null;
            case OperationCanceledException:
                return new Status(StatusCode.Unavailable, "The coordinator is stopping. Try again: it goes on where it was.");
            case LedgerUnavailableException or FactNotWrittenException:
                log.LedgerRefused(context.Method, broken.Message);
                return new Status(StatusCode.Unavailable, $"Nothing was recorded: {broken.Message} Try again when the operator has mended it.");
            case StaleStreamException or TimeoutException or Orleans.Runtime.OrleansException:
                return new Status(StatusCode.Unavailable, "The coordinator was busy or restarting. Try again: nothing is counted twice.");
            default:
                log.RequestBroke(context.Method, broken);
                return new Status(StatusCode.Internal, "The coordinator failed at this request; its log says why. Nothing was recorded.");
        }
    }

    private static RpcException Closed(ServerCallContext context) => new(new Status(StatusCode.PermissionDenied, $"{context.Method} has no rule that opens it."));
}

using AuthServer.Data;

namespace AuthServer.Edge;

/// <summary>Turns exceptions, and answers that have a status but no body, into a refusal that can be read.</summary>
internal static class Errors
{
    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = ErrorResponse.WriteAsync,
                StatusCodeSelector = StatusOf,
                AllowStatusCode404Response = true,
                // A request that was not HTTP as it should be is no defect of ours.
                SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
            }
        );
        app.UseStatusCodePages(context => ErrorResponse.WriteAsync(context.HttpContext));
    }

    private static int StatusOf(Exception exception) =>
        exception switch
        {
            BadHttpRequestException request => request.StatusCode,
            _ when DatabaseFault.IsPassing(exception) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
}

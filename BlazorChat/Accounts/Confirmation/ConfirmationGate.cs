using BlazorChat.Accounts.Rights;
using Microsoft.AspNetCore.Components.Endpoints;

namespace BlazorChat.Accounts.Confirmation;

/// <summary>Marks a page or endpoint that requires a recent confirmation of the password.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresConfirmationAttribute : Attribute;

internal static class ConfirmationGate
{
    private const string ConfirmPath = "/account/confirm";

    /// <summary>Redirects from a page with <see cref="RequiresConfirmationAttribute"/> to the confirmation, which redirects back.</summary>
    public static void UseConfirmationGate(this WebApplication app) => app.Use(async (context, next) =>
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<RequiresConfirmationAttribute>() is null
            || !context.User.IsSignedIn
            || await context.RequestServices.GetRequiredService<Confirmations>()
                .IsConfirmedAsync(context.User, HttpMethods.IsPost(context.Request.Method), context.RequestAborted))
        {
            await next(context);
        }
        else if (metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            context.Response.Redirect($"{ConfirmPath}{QueryString.Create("returnUrl", context.Request.Path.Value!)}");
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    });
}

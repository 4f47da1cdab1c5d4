using BlazorChat.Liveblogs;
using BlazorChat.Markup;
using Microsoft.AspNetCore.Http;

namespace BlazorChat.Shell;

internal static class SecurityHeaders
{
    /// <summary>Says to browsers what our pages never do, so that nothing slipped into one can do it.</summary>
    public static void AddPageSecurityHeaders(this WebApplicationBuilder builder)
    {
        var isSecure = !builder.Environment.IsDevelopment();
        var (pages, readerPages) = (CreatePolicies(isSecure, []), CreatePolicies(isSecure, EmbedServices.Origins));
        builder.Services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(pages)
            .SetPolicySelector(request => IsForReaders(request.HttpContext) ? readerPages : pages);
    }

    private static bool IsForReaders(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ReaderPageAttribute>() is not null;

    /// <param name="frames">The origins whose pages may be shown in ours.</param>
    private static HeaderPolicyCollection CreatePolicies(bool isSecure, IReadOnlyList<string> frames)
    {
        var policies = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
            .RemoveServerHeader()
            .AddPermissionsPolicy(policy =>
            {
                policy.AddCamera().None();
                policy.AddGeolocation().None();
                policy.AddMicrophone().None();
                policy.AddPayment().None();
                policy.AddCustomFeature("publickey-credentials-create").Self();
                policy.AddCustomFeature("publickey-credentials-get").Self();
                policy.AddUsb().None();
            })
            .AddContentSecurityPolicy(policy =>
            {
                policy.AddDefaultSrc().Self();
                policy.AddScriptSrc().Self();
                // MudBlazor places menus and dialogs by style attributes, which no nonce can allow.
                policy.AddStyleSrc().Self().UnsafeInline();
                policy.AddImgSrc().Self().Data();
                policy.AddConnectSrc().Self();
                policy.AddObjectSrc().None();
                if (frames.Count == 0)
                    policy.AddFrameSrc().None();
                else
                    policy.AddFrameSrc().From(frames);
                policy.AddBaseUri().Self();
                policy.AddFormAction().Self();
                policy.AddFrameAncestors().None();
            });
        if (isSecure)
            policies.AddStrictTransportSecurityMaxAge();
        return policies;
    }
}

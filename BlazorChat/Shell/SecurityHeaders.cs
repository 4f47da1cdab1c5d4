namespace BlazorChat.Shell;

internal static class SecurityHeaders
{
    /// <summary>Says to browsers what our pages never do, so that nothing slipped into one can do it.</summary>
    public static void UsePageSecurityHeaders(this WebApplication app)
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
                policy.AddBaseUri().Self();
                policy.AddFormAction().Self();
                policy.AddFrameAncestors().None();
            });
        if (!app.Environment.IsDevelopment())
            policies.AddStrictTransportSecurityMaxAge();
        app.UseSecurityHeaders(policies);
    }
}

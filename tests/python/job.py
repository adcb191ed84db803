"""The Kubernetes job in a file: refused unless it is one by Kubernetes' own schema. Prints what each of its pods would do, as JSON.

Schemas are those of the release that kubernetes-validate is named after, and of two older ones; unknown fields are errors.
"""

import json
import sys

import kubernetes_validate
import yaml

job = yaml.safe_load(open(sys.argv[1]))
for version in [kubernetes_validate.latest_version(), "1.31", "1.27"]:
    kubernetes_validate.validate(job, version, strict=True)
assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job"), "schemas of other kinds would do, too"
spec = job["spec"]
[container] = spec["template"]["spec"]["containers"]
# What no schema says.
assert spec["completionMode"] == "Indexed" and spec["template"]["spec"]["restartPolicy"] in ("Never", "OnFailure")
assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in spec["template"]["spec"]["volumes"]}
folders = [mount["mountPath"] for mount in container["volumeMounts"]]
print(json.dumps({"Completions": spec["completions"], "Command": container["command"] + container["args"], "Folders": folders}))
